import { afterEach, expect, test, vi } from 'vitest'
import { type CommitterParts, createCommitter } from '../../coordinator/committer/committer.ts'
import type { Fact } from '../../coordinator/committer/queue.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { Pool } from '../../coordinator/pool/pool.ts'
import type { DeviceId } from '../../protocol/ids.ts'

// The turn alone, around a pool that only writes down what it hears.

afterEach(() => vi.restoreAllMocks())

const device = 'd' as DeviceId
/** Every one wants a place in a commit. */
const durable = (ref: number) => [{ type: 'resultMalformed', device, task: 0, message: '', ref } as Fact, ref] as const
const progress = (lease: number, task: number) =>
  ({ type: 'progressed', device, claims: { lease: String(lease) }, task, share: 0 }) as unknown as Fact

async function open(more: Partial<CommitterParts> = {}) {
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
  const committer = createCommitter({
    store: { commit: () => gate },
    restore: async () => pool,
    perform() {},
    performDurable() {},
    sendBack: (ref) => sentBack.push(ref),
    letGo() {},
    rejoin() {},
    storeFailed() {},
    untold(error) {
      throw error
    },
    broken(error) {
      throw error
    },
    committed() {},
    ...more,
  })
  await committer.start()
  const post = ([fact, ref]: readonly [Fact, number]) => committer.post(fact, { ref, held: { from: 0, outputs: [] } })
  return { committer, post, heard, sentBack, letGo, onHear: (run: () => void) => (hear = run) }
}

test('[G91] while no commit ends, what waits is bounded; progress counts once a lease, and whoever can is sent away', async () => {
  const { committer, post, heard, letGo } = await open()
  let taken = 0
  for (let ref = 1; ref <= 20_000; ref++) if (post(durable(ref))) taken++
  expect(committer.queued).toBe(5000)
  expect(taken).toBe(6000)
  expect(committer.refusal()).toMatch(/catching up/)
  for (let i = 0; i < 300_000; i++) committer.post(progress(i % 10, i))
  expect(committer.queued).toBe(5010)
  // Told of what has happened already, the pool may not refuse to know it.
  expect(committer.post({ type: 'deviceLeft', device, goodbye: false })).toBe(true)
  letGo()
  expect(await committer.settled()).toBe(true)
  expect(committer.queued).toBe(0)
  expect(committer.refusal()).toBeNull()
  const refs = heard.flatMap((event) => ('ref' in event ? [event.ref] : []))
  expect(refs).toEqual(Array.from({ length: 6000 }, (_, i) => i + 1))
  const tasks = heard.flatMap((event) => (event.type === 'progressed' ? [event.task] : []))
  expect(tasks).toEqual(Array.from({ length: 10 }, (_, i) => 299_990 + i))
  expect(heard.findLastIndex(({ type }) => type === 'deviceLeft')).toBeGreaterThan(
    heard.findLastIndex(({ type }) => type === 'progressed'),
  )
  await committer.close()
})

test('[G91] the pool looks at what has waited in slices, and sockets have their turn between them', async () => {
  const { committer, post, heard, letGo, onHear } = await open()
  for (let ref = 1; ref <= 1000; ref++) post(durable(ref))
  for (let lease = 0; lease < 4000; lease++) committer.post(progress(lease, 0))
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
  while (committer.queued > 0) {
    handled = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(heard.length).toBe(5000)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(50)
  await committer.close()
})

const FAULTS: Record<string, (fault: () => void) => Partial<CommitterParts>> = {
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
    const { committer, post, letGo } = await open({
      storeFailed: (sentence) => troubles.push(sentence),
      ...planted(() => {
        if (armed) throw new Error('planted')
      }),
    })
    letGo()
    post(durable(1))
    await vi.waitFor(() => expect(troubles).toEqual([expect.stringMatching(/cannot be kept/)]), 5000)
    expect(committer.pool()).toBeNull()
    armed = false
    await vi.waitFor(() => expect(committer.pool()).not.toBeNull(), 5000)
    post(durable(2))
    expect(await committer.settled()).toBe(true)
    expect(troubles).toHaveLength(2)
    await committer.close()
  })
}
