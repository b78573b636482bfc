import type { Kernel } from '../define.ts'
import { createRandom } from '../math/random.ts'
import { countOutput } from '../outputs.ts'
import type { PiParams } from './index.ts'

export const kernel: Kernel<PiParams, PiParams> = {
  prepare: (params) => params,
  run({ seed }, task, progress) {
    const random = createRandom(seed, task)
    let inside = 0
    for (let point = 1; point <= 2_000_000; point++) {
      const [x, y] = [random(), random()]
      if (x * x + y * y < 1) inside++
      if (point % 100_000 === 0) progress(point / 2_000_000)
    }
    return countOutput(inside)
  },
}
