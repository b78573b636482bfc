import { afterEach, expect, test, vi } from 'vitest'
import { createTurn, type Fact, type TurnParts } from '../../coordinator/gateway/turn/turn.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { Pool } from '../../coordinator/pool/port.ts'
import type { DeviceId } from '../../protocol/ids.ts'

// The turn alone, around a pool that only writes down what it hears.

afterEach(() => vi.restoreAllMocks())

const device = 'd' as DeviceId
/** Every one wants a place in a commit. */
const durable = (ref: number) => [{ type: 'resultMalformed', device, task: 0, message: '', ref } as Fact, ref] as const
const progress = (lease: number, task: number) =>
  ({ type: 'progressed', device, claims: { lease: String(lease) }, task, share: 0 }) as unknown as Fact

async function open(more: Partial<TurnParts> = {}) {
  const heard: PoolEvent[] = []
  let hear = () => {}
  const sentBack: number[] = []
  const pool = {
    jobs: () => [],
    handle(event: PoolEvent) {
      heard.push(event)
      hear()
      if (!('ref' in event)) return []
      return [
        { type: 'save', changes: [{ type: 'planted' }] },
        { type: 'acknowledge', device, ref: event.ref, runs: [] },
      ]
    },
  } as unknown as Pool
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const turn = createTurn({
    store: { commit: () => gate },
    restore: async () => pool,
    perform() {},
    performDurable() {},
    sendBack: (ref) => sentBack.push(ref),
    letGo() {},
    rejoin() {},
    troubled() {},
    untold(error) {
      throw error
    },
    broken(error) {
      throw error
    },
    committed() {},
    ...more,
  })
  await turn.start()
  const post = ([fact, ref]: readonly [Fact, number]) => turn.post(fact, { ref, held: { from: 0, outputs: [] } })
  return { turn, post, heard, sentBack, letGo, onHear: (run: () => void) => (hear = run) }
}

test('[G91] while no commit ends, what waits is bounded; progress counts once a lease, and whoever can is sent away', async () => {
  const { turn, post, heard, letGo } = await open()
  let taken = 0
  for (let ref = 1; ref <= 20_000; ref++) if (post(durable(ref))) taken++
  expect(turn.queued).toBe(5000)
  expect(taken).toBe(6000)
  expect(turn.refusal()).toMatch(/catching up/)
  for (let i = 0; i < 300_000; i++) turn.post(progress(i % 10, i))
  expect(turn.queued).toBe(5010)
  // Told of what has happened already, the pool may not refuse to know it.
  expect(turn.post({ type: 'deviceLeft', device, goodbye: false })).toBe(true)
  letGo()
  expect(await turn.settled()).toBe(true)
  expect(turn.queued).toBe(0)
  expect(turn.refusal()).toBeNull()
  const refs = heard.flatMap((event) => ('ref' in event ? [event.ref] : []))
  expect(refs).toEqual(Array.from({ length: 6000 }, (_, i) => i + 1))
  const tasks = heard.flatMap((event) => (event.type === 'progressed' ? [event.task] : []))
  expect(tasks).toEqual(Array.from({ length: 10 }, (_, i) => 299_990 + i))
  expect(heard.findLastIndex(({ type }) => type === 'deviceLeft')).toBeGreaterThan(
    heard.findLastIndex(({ type }) => type === 'progressed'),
  )
  await turn.close()
})

test('[G91] the pool looks at what has waited in slices, and sockets have their turn between them', async () => {
  const { turn, post, heard, letGo, onHear } = await open()
  for (let ref = 1; ref <= 1000; ref++) post(durable(ref))
  for (let lease = 0; lease < 4000; lease++) turn.post(progress(lease, 0))
  // Every event takes a millisecond of a clock that nothing else moves.
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let handled = 0
  let most = 0
  onHear(() => {
    now += 1
    most = Math.max(most, ++handled)
  })
  letGo()
  while (turn.queued > 0) {
    handled = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(heard.length).toBe(5000)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(50)
  await turn.close()
})

const FAULTS: Record<string, (fault: () => void) => Partial<TurnParts>> = {
  committed: (committed) => ({ committed }),
  performDurable: (performDurable) => ({ performDurable }),
  letGo: (letGo) => ({ letGo }),
  'a store that throws instead of answering': (fault) => ({
    store: {
      async commit() {
        fault()
      },
    },
  }),
}
for (const [where, planted] of Object.entries(FAULTS)) {
  test(`[G93] whatever fails around a commit, the pool is made anew and commits go on: ${where}`, async () => {
    let armed = true
    const troubles: (string | null)[] = []
    const { turn, post, letGo } = await open({
      troubled: (sentence) => troubles.push(sentence),
      ...planted(() => {
        if (armed) throw new Error('planted')
      }),
    })
    letGo()
    post(durable(1))
    await vi.waitFor(() => expect(troubles).toEqual([expect.stringMatching(/cannot be kept/)]), 5000)
    expect(turn.pool()).toBeNull()
    armed = false
    await vi.waitFor(() => expect(turn.pool()).not.toBeNull(), 5000)
    post(durable(2))
    expect(await turn.settled()).toBe(true)
    expect(troubles).toHaveLength(2)
    await turn.close()
  })
}
