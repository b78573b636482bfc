import type { Trust } from '../../protocol/api.ts'
import { CALM } from '../simulate/options.ts'
import { runWorld } from '../simulate/world.ts'
import { type BenchLine, median } from './line.ts'

// What checking costs when nobody lies: results computed per task, in the simulated world with the real pool.

const SEEDS = [1, 2, 3]
const DEVICES = 40

export async function trustBench(): Promise<BenchLine[]> {
  const known = (trust: Trust) => median(SEEDS.map((seed) => extraWork(trust, seed, 40_000)))
  const fresh = median(SEEDS.map((seed) => extraWork('normal', seed, 2000)))
  const line = (
    bench: string,
    value: number,
    wanted: string,
    ratio: number,
    trust: 'normal' | 'strict',
  ): BenchLine => ({
    bench,
    value: 100 * value,
    unit: '% extra work',
    reference: wanted,
    ratio,
    runs: SEEDS.length,
    trust,
  })
  const normal = known('normal')
  const strict = known('strict')
  return [
    line('trust: normal, 40,000 tasks', normal, 'the 10 % allowed', 0.1 / normal, 'normal'),
    line('trust: normal, all newcomers, 2,000 tasks', fresh, 'one more result per task', 1 / fresh, 'normal'),
    line('trust: strict, 40,000 tasks', strict, 'the two more results per task it asks for', 2 / strict, 'strict'),
  ]
}

/** Results kept beyond one per task, as a share of tasks, over a world of honest devices. */
function extraWork(trust: Trust, seed: number, tasks: number): number {
  const { done } = runWorld({
    seed,
    devices: DEVICES,
    liars: 0,
    colluding: 0,
    churn: 0,
    hours: 0.25,
    host: false,
    sizes: { fewest: tasks, most: tasks, cheapestMs: 200, dearestMs: 200, poisoned: 0, hostOnly: 0, trust },
    jobsAtOnce: 1,
    sendEveryMs: 1000,
    faults: CALM,
    invariantsEvery: 0,
  })
  const sum = Object.values(done)[0]
  if (!sum) throw new Error('No job was done in time.')
  return sum.results / sum.tasks - 1
}
