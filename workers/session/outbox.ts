import type { ResultAck, ResultMessage, Verdict } from '../../protocol/device.ts'
import type { Clock, Wire } from './ports.ts'

/** Messages sent and not yet acknowledged; more wait, so that a reconnect does not flood the pool. */
const IN_FLIGHT = 16
/** Unacknowledged outputs beyond this stop computing: a phone's memory is small. */
const FULL_BYTES = 24 * 1024 * 1024
const FULL_MESSAGES = 1000
/** An acknowledgement that has not come on a live link by then is taken for lost. Results are idempotent. */
const RESEND_MS = 30_000

interface Entry {
  readonly message: ResultMessage
  readonly bytes: number
  sent: boolean
  sentAtMs: number
  notBeforeMs: number
}

export interface OutboxOwner {
  kept(message: ResultMessage, runs: readonly { from: number; to: number; verdict: Verdict }[]): void
  /** There is room again, or everything is acknowledged. */
  drained(): void
}

/** Finished work until the pool says it is durable. */
export function createOutbox(clock: Clock, owner: OutboxOwner) {
  const entries = new Set<Entry>()
  let wire: Wire | undefined
  let bytes = 0
  let tasks = 0

  function pump() {
    if (!wire) return
    let inFlight = 0
    const now = clock.now()
    for (const entry of entries) {
      if (inFlight >= IN_FLIGHT) return
      if (entry.sent) inFlight++
      else if (entry.notBeforeMs <= now) {
        inFlight++
        send(wire, entry, now)
      }
    }
  }

  function send(to: Wire, entry: Entry, now: number) {
    entry.sent = true
    entry.sentAtMs = now
    to.emit('result', entry.message, (ack) => acknowledged(entry, ack))
  }

  function acknowledged(entry: Entry, ack: ResultAck) {
    // A resent message is acknowledged twice.
    if (!entries.has(entry)) return
    if (ack.type === 'busy') {
      entry.sent = false
      entry.notBeforeMs = clock.now() + ack.retryAfterMs
      clock.after(ack.retryAfterMs, pump)
      return
    }
    const wasFull = full()
    entries.delete(entry)
    bytes -= entry.bytes
    tasks -= entry.message.outputs.length
    owner.kept(entry.message, ack.runs)
    pump()
    if (entries.size === 0 || (wasFull && !full())) owner.drained()
  }

  function full() {
    return bytes > FULL_BYTES || entries.size > FULL_MESSAGES
  }

  return {
    full,
    add(message: ResultMessage) {
      const size = message.outputs.reduce((sum, output) => sum + output.length, 0)
      entries.add({ message, bytes: size, sent: false, sentAtMs: 0, notBeforeMs: 0 })
      bytes += size
      tasks += message.outputs.length
      pump()
    },
    online(to: Wire) {
      wire = to
      for (const entry of entries) entry.sent = false
      pump()
    },
    offline() {
      wire = undefined
    },
    tick() {
      const now = clock.now()
      for (const entry of entries) if (entry.sent && now - entry.sentAtMs > RESEND_MS) entry.sent = false
      pump()
    },
    /** Tasks not yet acknowledged. */
    tasks: () => tasks,
    empty: () => entries.size === 0,
    leases: () => new Set([...entries].map((entry) => entry.message.lease)),
  }
}
