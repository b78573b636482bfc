import { heavyView } from './heavy.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom, pause } from './room.ts'

const RUNS = 3
const view = { ...heavyView, width: 1024, height: 640 }

/** One of two agents dies in the middle: the other should need no more than what was left, and its deadline none at all. */
export async function killBench(): Promise<BenchLine[]> {
  const late: number[] = []
  const ratios: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const room = await openRoom({ agents: 2 })
    try {
      const compute = async () => {
        const startedAt = performance.now()
        const id = await room.submit({ kind: 'fractal', params: view, trust: 'fast' })
        return { id, startedAt, done: room.done(id).then(() => (performance.now() - startedAt) / 1000) }
      }
      // Agents fetch and compile the kernel before anything is timed.
      await (await compute()).done
      const undisturbed = await (await compute()).done
      const killAt = undisturbed * (0.3 + 0.4 * Math.random())
      const { done } = await compute()
      await pause(killAt * 1000)
      room.agents[0]!.child.kill('SIGKILL')
      const wall = await done
      late.push(wall - (2 * undisturbed - killAt))
      ratios.push((2 * undisturbed - killAt) / wall)
    } finally {
      await room.close()
    }
  }
  return [
    {
      bench: 'kill: wall − (2T − t_kill)',
      value: median(late),
      unit: 's',
      reference: 'what one agent alone must take, 2T − t_kill',
      ratio: median(ratios),
      runs: RUNS,
      trust: 'fast',
    },
  ]
}
