import type { Kernel } from '../../jobs/define.ts'
import { counted } from './counting.ts'

export const kernel: Kernel<{ ms: number }, number> = {
  prepare: ({ ms }) => ms,
  run(ms, index, progress) {
    const until = Date.now() + ms
    for (let last = Date.now(); Date.now() < until; ) {
      if (Date.now() - last < 500) continue
      last = Date.now()
      progress(Math.min(1, 1 - (until - last) / ms))
    }
    return counted(index)
  },
}
