import type { Change, Effect } from '../pool/effects.ts'
import type { PoolEvent, ResultRef } from '../pool/events.ts'
import { keepsBytes } from '../store/core.ts'
import type { Batch } from '../store/port.ts'

/** Event without its time, which the committer adds. */
export type Fact = PoolEvent extends infer E ? (E extends PoolEvent ? Omit<E, 'at'> : never) : never

export interface Waiting {
  readonly fact: Fact
  readonly ref: ResultRef | undefined
}

/** Facts that wait for a place in a commit, in order. Of facts that replace each other only the last one waits. */
export function createQueue() {
  const waiting = new Map<string | number, Waiting>()
  let lastKey = 0
  return {
    get size() {
      return waiting.size
    },
    push(next: Waiting): void {
      const key = replacing(next.fact) ?? ++lastKey
      waiting.delete(key)
      waiting.set(key, next)
    },
    /** Hands them out one by one; whoever stops leaves the rest. */
    *take(): Generator<Waiting> {
      for (const [key, next] of waiting) {
        waiting.delete(key)
        yield next
      }
    },
  }
}

/** What the fact shares with those that it makes worthless; null where every one counts. */
function replacing(fact: Fact): string | null {
  switch (fact.type) {
    case 'progressed':
      return `progressed ${fact.device} ${fact.claims.lease}`
    case 'workAsked':
      return `workAsked ${fact.device}`
    case 'ticked':
      return 'ticked'
    default:
      return null
  }
}

/** These cannot be refused: each tells of something that has happened already, and there are only so many of them. */
const CERTAIN: ReadonlySet<Fact['type']> = new Set([
  // As many as there are connections; a hello asks first whether there is room.
  'deviceJoined',
  'deviceLeft',
  'deviceRemoved',
  // One a device, a lease, or a pool: see above.
  'workAsked',
  'progressed',
  'ticked',
  // Its row in the store is made before, when there was room.
  'jobSubmitted',
  'jobFailed',
])

export function isCertain({ type }: Fact): boolean {
  return CERTAIN.has(type)
}

/** Bytes of a result message, held until its event is durable. */
export interface HeldResult {
  readonly from: number
  readonly outputs: readonly Uint8Array[]
}

export type DurableEffect = Extract<Effect, { type: 'acknowledge' | 'jobChanged' | 'taskAccepted' | 'taskRevoked' }>

/** What the next commit will hold, and what may be done once it is durable. */
export interface OpenBatch {
  readonly changes: Change[]
  readonly after: DurableEffect[]
  /** Results that arrived with this batch; let go of after it. */
  readonly refs: ResultRef[]
  readonly settle: (() => void)[]
  events: number
}

export function openBatch(): OpenBatch {
  return { changes: [], after: [], refs: [], settle: [], events: 0 }
}

/** What the store is given: the changes and the bytes that they keep. */
export function toCommit(open: OpenBatch, at: number, held: ReadonlyMap<ResultRef, HeldResult>): Batch {
  const outputs = new Map<ResultRef, HeldResult>()
  for (const change of open.changes) {
    if (change.type !== 'resultKept' || !keepsBytes(change)) continue
    const result = held.get(change.ref)
    if (result) outputs.set(change.ref, result)
  }
  return { at, changes: open.changes, outputs }
}

/** A commit that takes longer is told to people: the slowest card that worked took a second. */
const STILL_MS = 5000

export const STILL =
  'The disk or the database has not answered for some seconds. Devices keep their results until it does; if it lasts, look at the disk of the host, or at the database server.'

/** Knows whether commits stand still: the store was given one and does not answer. */
export function createStill(changed: (still: boolean) => void) {
  let since: number | null = null
  let still = false
  return {
    get now() {
      return still
    },
    began(): void {
      since = performance.now()
    },
    ended(): void {
      since = null
      if (!still) return
      still = false
      changed(false)
    },
    /** Asked every second. */
    look(): void {
      if (still || since === null || performance.now() - since < STILL_MS) return
      still = true
      changed(true)
    },
  }
}
