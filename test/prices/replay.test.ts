import { expect, test, vi } from 'vitest'
import type { FeedEvent, Tick } from '../../market/server/feed.ts'
import { STEP_DEVIATION, STEP_SHARE, syntheticTicks } from '../../market/server/sample.ts'
import { openReplay } from '../../market/server/source.ts'

function clock() {
  let now = 0
  const pending: { at: number; work: () => void }[] = []
  return {
    now: () => now,
    after(ms: number, work: () => void) {
      const one = { at: now + ms, work }
      pending.push(one)
      return { cancel: () => void pending.splice(pending.indexOf(one), 1) }
    },
    /** Runs the next thing that waits; how long it waited. */
    next(): number {
      const [one] = pending.splice(0, 1)
      const ms = one!.at - now
      now = one!.at
      one!.work()
      return ms
    },
    waiting: () => pending.length,
  }
}

const recorded: Tick[] = [0, 15, 30, 90].map((s) => ({ at: 1e12 + s * 1000, units: 1e12 + s, source: 'replay' }))

test('[Q9] a replay keeps the recorded pace, divided by its speed', async () => {
  const time = clock()
  const events: FeedEvent[] = []
  const feed = openReplay(recorded, (event) => events.push(event), { name: 'Replay', speed: 30, timer: time })
  const waits: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    await vi.waitFor(() => expect(time.waiting()).toBe(1))
    waits.push(time.next())
  }
  await vi.waitFor(() => expect(events.at(-1)).toEqual({ type: 'ended' }))
  expect(waits).toEqual([500, 500, 2000])
  expect(events.flatMap((event) => (event.type === 'ticks' ? event.ticks : []))).toEqual(recorded)
  feed.close()
})

test('[Q9] as fast as possible it still lets others have their turn, and closing stops an endless one', async () => {
  const time = clock()
  const events: FeedEvent[] = []
  const feed = openReplay(syntheticTicks(1, 0), (event) => events.push(event), {
    name: 'Synthetic',
    speed: Number.POSITIVE_INFINITY,
    timer: time,
  })
  for (let turn = 0; turn < 3; turn++) {
    await vi.waitFor(() => expect(time.waiting()).toBe(1))
    time.next()
  }
  await vi.waitFor(() => expect(time.waiting()).toBe(1))
  feed.close()
  expect(events.filter(({ type }) => type === 'ticks')).toHaveLength(4)
  expect(events.every((event) => event.type !== 'ticks' || event.ticks.length === 1000)).toBe(true)
})

test('[Q9] a recording that cannot be read ends the replay with the reason', async () => {
  const events: FeedEvent[] = []
  const broken = (function* (): Generator<Tick> {
    yield recorded[0]!
    throw new Error('The disk is gone.')
  })()
  openReplay(broken, (event) => events.push(event), { name: 'Replay', speed: 1 })
  await vi.waitFor(() => expect(events.at(-1)).toEqual({ type: 'ended' }))
  expect(events).toContainEqual({ type: 'lost', because: 'The disk is gone.', retryMs: 0 })
})

test('[Q9] the synthetic sample is the same for the same seed, labelled, and as wild as it says', () => {
  const take = (seed: number, count: number) => {
    const ticks = syntheticTicks(seed, 0)
    return Array.from({ length: count }, () => ticks.next().value as Tick)
  }
  expect(take(7, 100)).toEqual(take(7, 100))
  expect(take(7, 100)).not.toEqual(take(8, 100))
  const ticks = take(7, 20_000)
  expect(ticks.every(({ source, units }) => source === 'synthetic' && units > 0 && units % 1_000_000 === 0)).toBe(true)
  const steps = ticks.slice(1).map(({ units }, i) => Math.log(units / ticks[i]!.units))
  const variance = steps.reduce((sum, step) => sum + step * step, 0) / steps.length
  expect(variance / (STEP_DEVIATION ** 2 * STEP_SHARE)).toBeCloseTo(1, 1)
  expect(steps.filter((step) => step === 0).length / steps.length).toBeCloseTo(1 - STEP_SHARE, 1)
})
