import type { Change, Effect } from '../../pool/effects.ts'
import type { PoolEvent, ResultRef } from '../../pool/events.ts'
import type { Pool } from '../../pool/port.ts'
import type { Store } from '../../store/port.ts'
import { type DurableEffect, type HeldResult, type OpenBatch, openBatch, toCommit } from './batch.ts'

/** Events in one commit: bounds what one failed commit sends back, and how long the first of them waits. */
const MAX_EVENTS = 1000
const MIN_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 10_000
const TICK_MS = 1000

/** Event without its time, which the turn adds. */
export type Fact = PoolEvent extends infer E ? (E extends PoolEvent ? Omit<E, 'at'> : never) : never
export type AtOnce = Exclude<Effect, DurableEffect | { type: 'save' }>

export interface TurnParts {
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
  troubled(sentence: string | null, error?: unknown): void
  /** The pool contradicted itself; nothing it says may be used any more. */
  broken(error: unknown): void
  committed(changes: readonly Change[], events: number, ms: number): void
}

/**
 * The one place where events reach the pool, in order, and where what it wants is made durable: whatever arrives while a
 * commit runs is the next commit. Knows nothing of sockets, kinds or SQL.
 */
export interface Turn {
  /** Null while the pool is being rebuilt. */
  pool(): Pool | null
  /** Why nothing can be kept now. */
  trouble(): string | null
  /** False when nothing can be taken now; a result's bytes are let go of by then. */
  post(fact: Fact, result?: { ref: ResultRef; held: HeldResult }): boolean
  /** Resolves when everything posted so far is durable and performed; false when it was lost to a failed commit. */
  settled(): Promise<boolean>
  /** Events waiting for a place in a commit. */
  readonly queued: number
  start(): Promise<void>
  close(): Promise<void>
}

export function createTurn(parts: TurnParts): Turn {
  let pool: Pool | null = null
  let trouble: string | null = null
  let open = openBatch()
  let committing: Promise<void> | null = null
  let closed = false
  let backoffMs = MIN_BACKOFF_MS
  let rebuilding: NodeJS.Timeout | null = null
  let ticking: NodeJS.Timeout | null = null
  const held = new Map<ResultRef, HeldResult>()
  const waiting: { fact: Fact; ref: ResultRef | undefined }[] = []
  const lost = new Set<() => void>()

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
    if (durable) open.events++
    if (atOnce) parts.perform(atOnce)
    if (durable) schedule()
  }

  /** After the reads of this turn of the event loop, so that what arrived together is committed together. */
  function schedule() {
    committing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(commit)
  }

  async function commit() {
    const batch = open
    open = openBatch()
    const started = performance.now()
    try {
      if (batch.changes.length > 0) await parts.store.commit(toCommit(batch, Date.now(), held))
    } catch (error) {
      fail(batch, error)
      return
    }
    if (batch.changes.length > 0) {
      backoffMs = MIN_BACKOFF_MS
      parts.committed(batch.changes, batch.events, performance.now() - started)
    }
    for (const effect of batch.after) parts.performDurable(effect, 'ref' in effect ? held.get(effect.ref!) : undefined)
    for (const ref of batch.refs) {
      held.delete(ref)
      parts.letGo(ref)
    }
    for (const settle of batch.settle) settle()
    committing = null
    while (open.events < MAX_EVENTS && waiting.length > 0) {
      const next = waiting.shift()!
      take(next.fact, next.ref)
    }
    if (open.events > 0 || open.settle.length > 0) schedule()
  }

  function fail(batch: OpenBatch, error: unknown) {
    committing = null
    const dropped = [...batch.refs, ...open.refs, ...waiting.flatMap(({ ref }) => ref ?? [])]
    open = openBatch()
    waiting.length = 0
    pool = null
    const sentence = (error as { sentence?: unknown }).sentence
    trouble = typeof sentence === 'string' ? sentence : 'Results cannot be kept right now. Trying again.'
    for (const ref of dropped) {
      held.delete(ref)
      parts.sendBack(ref)
    }
    for (const reject of lost) reject()
    parts.troubled(trouble, error)
    rebuildLater()
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
    } catch (error) {
      parts.troubled(trouble, error)
      rebuildLater()
      return
    }
    trouble = null
    parts.troubled(null)
    parts.rejoin()
  }

  return {
    pool: () => pool,
    trouble: () => trouble,
    post(fact, result) {
      if (!pool || closed) return false
      if (result) held.set(result.ref, result.held)
      if (open.events >= MAX_EVENTS || waiting.length > 0) waiting.push({ fact, ref: result?.ref })
      else take(fact, result?.ref)
      return true
    },
    settled() {
      if (!pool) return Promise.resolve(false)
      return new Promise((resolve) => {
        const reject = () => {
          lost.delete(reject)
          resolve(false)
        }
        lost.add(reject)
        const arrive = () => {
          // Events still waiting for a place go with a later commit.
          if (waiting.length > 0) {
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
    get queued() {
      return waiting.length
    },
    async start() {
      pool = await parts.restore()
      ticking = setInterval(() => this.post({ type: 'ticked' }), TICK_MS)
      parts.rejoin()
    },
    async close() {
      closed = true
      if (ticking) clearInterval(ticking)
      if (rebuilding) clearTimeout(rebuilding)
      while (committing) await committing
      for (const reject of lost) reject()
      pool = null
    },
  }
}
