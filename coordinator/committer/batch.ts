import type { Change, Effect } from '../pool/effects.ts'
import type { ResultRef } from '../pool/events.ts'
import { keepsBytes } from '../store/keeps-bytes.ts'
import type { Batch } from '../store/port.ts'

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
