import type { Change, Effect } from '../pool/effects.ts'
import type { PoolEvent, ResultRef } from '../pool/events.ts'
import type { Pool } from '../pool/pool.ts'
import type { Store } from '../store/port.ts'
import {
  createQueue,
  createStill,
  type DurableEffect,
  type Fact,
  type HeldResult,
  isCertain,
  type OpenBatch,
  openBatch,
  STILL,
  toCommit,
} from './queue.ts'

/** Events in one commit: bounds what one failed commit sends back, and how long the first of them waits. */
const MAX_EVENTS = 1000
/** Events waiting for a commit; beyond it the disk is what is slow, and whoever can is asked to come later. */
const MAX_WAITING = 5000
/** The pool looks at waiting events for so long, then sockets have their committer. */
const SLICE_MS = 20
const MIN_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 10_000
const TICK_MS = 1000

export type AtOnce = Exclude<Effect, DurableEffect | { type: 'save' }>

export interface CommitterParts {
  readonly store: Pick<Store, 'commit'>
  /** A pool from what is stored. Rejects while the store cannot be read. */
  restore(): Promise<Pool>
  perform(effects: readonly AtOnce[]): void
  performDurable(effect: DurableEffect, held: HeldResult | undefined): void
  /** The result could not be kept; its device is asked to send it again. */
  sendBack(ref: ResultRef): void
  /** Everything about this result is durable and performed. */
  letGo(ref: ResultRef): void
  /** A pool was restored after a failed commit: whoever is connected joins it again. */
  rejoin(): void
  /** Without an error nothing has failed, it only takes too long. */
  storeFailed(sentence: string | null, error?: unknown): void
  /** Telling somebody failed while the pool is being dropped; the rest is told all the same. */
  untold(error: unknown): void
  /** The pool contradicted itself; nothing it says may be used any more. */
  broken(error: unknown): void
  committed(changes: readonly Change[], events: number, ms: number): void
}

/**
 * The one place where events reach the pool, in order, and where what it wants is made durable: whatever arrives while a
 * commit runs is the next commit. Knows nothing of sockets, kinds or SQL.
 */
export function createCommitter(parts: CommitterParts) {
  let pool: Pool | null = null
  let problem: string | null = null
  let open = openBatch()
  let running: Promise<void> | null = null
  let closed = false
  let backoffMs = MIN_BACKOFF_MS
  let rebuilding: NodeJS.Timeout | null = null
  let ticking: NodeJS.Timeout | null = null
  let waiting = createQueue()
  const held = new Map<ResultRef, HeldResult>()
  const lost = new Set<() => void>()
  const still = createStill((now) => {
    // They would wait for as long as the store does. What they asked for may still be kept.
    if (now) for (const reject of lost) reject()
    attempt(() => parts.storeFailed(now ? STILL : problem), parts.untold)
  })

  function take(fact: Fact, ref: ResultRef | undefined) {
    if (!pool) return
    let effects: readonly Effect[]
    try {
      effects = pool.handle({ ...fact, at: Date.now() } as PoolEvent)
    } catch (error) {
      pool = null
      parts.broken(error)
      return
    }
    if (ref !== undefined) open.refs.push(ref)
    let atOnce: AtOnce[] | null = null
    let durable = ref !== undefined
    for (const effect of effects) {
      switch (effect.type) {
        case 'save':
          for (const change of effect.changes) open.changes.push(change)
          durable = true
          break
        case 'acknowledge':
        case 'jobChanged':
        case 'taskAccepted':
        case 'taskRevoked':
          open.after.push(effect)
          durable = true
          break
        default:
          atOnce ??= []
          atOnce.push(effect)
      }
    }
    if (durable) {
      open.events++
      schedule()
    }
    if (atOnce) parts.perform(atOnce)
  }

  const isDue = () => pool !== null && (waiting.size > 0 || open.events > 0 || open.settle.length > 0)

  function schedule() {
    running ??= run()
  }

  /** Nothing that is thrown in here may end it otherwise than by dropping the pool: nobody would ever commit again. */
  async function run() {
    while (isDue()) {
      // After the reads of this turn of the event loop, so that what arrived together is committed together.
      await new Promise<void>((resolve) => setImmediate(resolve))
      const refs: ResultRef[] = []
      try {
        drain()
        const batch = open
        open = openBatch()
        refs.push(...batch.refs)
        await commit(batch)
      } catch (error) {
        fail(refs, error)
      }
    }
    running = null
  }

  function drain() {
    if (waiting.size === 0 || open.events >= MAX_EVENTS) return
    const until = performance.now() + SLICE_MS
    for (const { fact, ref } of waiting.take()) {
      take(fact, ref)
      if (open.events >= MAX_EVENTS || performance.now() >= until) return
    }
  }

  async function commit(batch: OpenBatch) {
    const faults: unknown[] = []
    const each = (run: () => void) => attempt(run, (error) => faults.push(error))
    if (batch.changes.length > 0) {
      const started = performance.now()
      still.began()
      await parts.store.commit(toCommit(batch, Date.now(), held))
      still.ended()
      each(() => parts.committed(batch.changes, batch.events, performance.now() - started))
    }
    // Durable: whatever fails now, the others hear of theirs.
    for (const effect of batch.after)
      each(() => parts.performDurable(effect, 'ref' in effect ? held.get(effect.ref!) : undefined))
    for (const ref of batch.refs) {
      held.delete(ref)
      each(() => parts.letGo(ref))
    }
    for (const settle of batch.settle) settle()
    if (faults.length > 0) throw faults[0]
    if (batch.changes.length > 0) backoffMs = MIN_BACKOFF_MS
  }

  /** What the pool says may not be what is stored: it is dropped and made anew. */
  function fail(refs: readonly ResultRef[], error: unknown) {
    pool = null
    const dropped = [...refs, ...open.refs]
    for (const { ref } of waiting.take()) if (ref !== undefined) dropped.push(ref)
    open = openBatch()
    waiting = createQueue()
    const { sentence } = (error ?? {}) as { sentence?: unknown }
    problem = typeof sentence === 'string' ? sentence : 'Results cannot be kept right now. Trying again.'
    still.ended()
    rebuildLater()
    for (const ref of dropped) {
      held.delete(ref)
      attempt(() => parts.sendBack(ref), parts.untold)
    }
    for (const reject of lost) reject()
    attempt(() => parts.storeFailed(problem, error), parts.untold)
  }

  function rebuildLater() {
    if (closed) return
    rebuilding = setTimeout(() => void rebuild(), backoffMs)
    backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)
  }

  async function rebuild() {
    try {
      const restored = await parts.restore()
      // A write that changes nothing: reading can go well on a disk that is still full.
      const [job] = restored.jobs()
      if (job) await parts.store.commit({ at: Date.now(), changes: [{ type: 'jobChanged', job }], outputs: new Map() })
      if (closed) return
      pool = restored
      problem = null
      parts.storeFailed(null)
      parts.rejoin()
    } catch (error) {
      fail([], error)
    }
  }

  /** Why nothing new can be taken now, for whoever can come later; null while there is room. */
  function refusal(): string | null {
    if (still.now) return STILL
    if (!pool) return problem ?? 'The pool is starting. Try again in a moment.'
    return waiting.size < MAX_WAITING ? null : 'The pool is catching up with what it was sent. Try again in a moment.'
  }

  /** False when it cannot be taken now; a result's bytes are let go of by then. */
  function post(fact: Fact, result?: { ref: ResultRef; held: HeldResult }): boolean {
    if (!pool || closed || (!isCertain(fact) && refusal() !== null)) return false
    if (result) held.set(result.ref, result.held)
    if (open.events >= MAX_EVENTS || waiting.size > 0) waiting.push({ fact, ref: result?.ref })
    else take(fact, result?.ref)
    return true
  }

  return {
    /** Null while the pool is being rebuilt. */
    pool: () => pool,
    /** Why nothing can be kept now. */
    error: () => problem ?? (still.now ? STILL : null),
    /** Says so while a commit takes so long that it may never end. */
    standsStill: () => (still.now ? STILL : null),
    refusal,
    post,
    /** Resolves when everything posted so far is durable and performed; false when it was lost to a failed commit. */
    settled(): Promise<boolean> {
      if (!pool || still.now) return Promise.resolve(false)
      return new Promise((resolve) => {
        const reject = () => {
          lost.delete(reject)
          resolve(false)
        }
        lost.add(reject)
        const arrive = () => {
          // Events still waiting for a place go with a later commit.
          if (waiting.size > 0) {
            open.settle.push(arrive)
            return
          }
          lost.delete(reject)
          resolve(true)
        }
        open.settle.push(arrive)
        schedule()
      })
    },
    /** Events waiting for a place in a commit. */
    get queued() {
      return waiting.size
    },
    async start() {
      pool = await parts.restore()
      ticking = setInterval(() => {
        still.look()
        post({ type: 'ticked' })
      }, TICK_MS)
      parts.rejoin()
    },
    async close() {
      closed = true
      if (ticking) clearInterval(ticking)
      if (rebuilding) clearTimeout(rebuilding)
      while (running) await running
      for (const reject of lost) reject()
      pool = null
    },
  }
}
export type Committer = ReturnType<typeof createCommitter>

function attempt(run: () => void, failed: (error: unknown) => void) {
  try {
    run()
  } catch (error) {
    failed(error)
  }
}
