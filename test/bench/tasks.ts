import { straightLoop } from '../gateway/counting.ts'
import { type BenchLine, median } from './line.ts'
import { openRoom } from './room.ts'

const TASKS = 1_000_000
const RUNS = 3

/** A million tasks of eight distinct bytes each, durable, through two agents: what the coordinator itself can carry. */
export async function tasksBench(): Promise<BenchLine[]> {
  const room = await openRoom({ agents: 2, kinds: 'counting' })
  const expected = Buffer.from(straightLoop(TASKS).buffer)
  const perSecond: number[] = []
  try {
    for (let run = 0; run < RUNS; run++) {
      const startedAt = performance.now()
      const id = await room.submit({ kind: 'counting', params: { tasks: TASKS }, trust: 'fast' })
      await room.done(id)
      const raw = await room.raw(id)
      perSecond.push((TASKS / (performance.now() - startedAt)) * 1000)
      if (!expected.equals(raw)) throw new Error('The outputs are not those of the straight loop')
      await room.pool.call('DELETE', `/jobs/${id}`)
    }
  } finally {
    await room.close()
  }
  return [{ bench: 'tasks: POST to last byte', value: median(perSecond), unit: 'tasks/s', runs: RUNS, trust: 'fast' }]
}
