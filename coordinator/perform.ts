import type { JobBrief, Lease } from '../protocol/device.ts'
import { isFinal, type JobId, type VolunteerId } from '../protocol/ids.ts'
import type { AtOnce, Committer } from './committer/committer.ts'
import type { DurableEffect, HeldResult } from './committer/queue.ts'
import { type Connection, type Directory, type Faulted, rememberLease } from './devices/connection.ts'
import type { Results } from './devices/receive.ts'
import { hasInput, sharedInput, slicedInput } from './inputs/lease-input.ts'
import type { JobRegistry } from './job-registry.ts'
import type { Live } from './live/namespace.ts'
import type { Pictures } from './live/pictures.ts'
import type { Log } from './log.ts'
import type { Tokens } from './secrets.ts'
import type { Store } from './store/port.ts'

/** Does what the pool wants: at once what devices are told, after the commit what must be durable first. */
export function createPerform(parts: {
  store: Store
  log: Log
  directory: Directory
  registry: JobRegistry
  tokens: Tokens
  results: Results
  pictures: Pictures
  live: Live
  committer(): Committer
  /** What a job reads is no longer there. */
  inputGone(job: JobId): void
  faulted: Faulted
}) {
  const { log, directory, registry, tokens, results, pictures, live } = parts
  const totals = createTotals(parts)

  /** After the welcome, where that is still on its way. */
  function say(connection: Connection, message: () => void) {
    if (connection.joining) connection.joining.later.push(message)
    else message()
  }

  function lend(connection: Connection, leases: readonly Lease[]) {
    const jobs: JobBrief[] = []
    for (const lease of leases) {
      const job = registry.get(lease.job)
      if (!job || connection.briefed.has(lease.job)) continue
      connection.briefed.add(lease.job)
      const input = hasInput(job) && sharedInput(job, lease.token, connection.here)
      jobs.push(input ? { ...job.brief, sharedInput: input } : job.brief)
    }
    connection.socket.emit('lend', { leases, jobs })
  }

  function perform(effect: AtOnce, connection: Connection, lending: Map<Connection, Lease[]>) {
    const { socket } = connection
    switch (effect.type) {
      case 'lend': {
        const { claims, deadlineMs } = effect
        const token = tokens.sign(claims)
        rememberLease(connection, token, claims)
        connection.room = Math.max(0, connection.room - 1)
        const job = registry.get(claims.job)
        // Sent all the same: it is released with all others of this job, and the device asks again.
        const gone = job !== undefined && !hasInput(job)
        if (gone) parts.inputGone(claims.job)
        const input = job && !gone && slicedInput(job, claims, token, connection.here)
        const leases = lending.get(connection) ?? []
        leases.push({
          token,
          job: claims.job,
          from: claims.from,
          to: claims.to,
          deadlineMs,
          ...(input && { slicedInput: input }),
        })
        lending.set(connection, leases)
        break
      }
      case 'release': {
        const lease = tokens.sign(effect.claims)
        connection.lent.delete(lease)
        // Part of the welcome's answer rather than a message of its own.
        if (connection.joining) connection.joining.released.add(lease)
        else socket.emit('release', { lease, reason: effect.reason })
        break
      }
      case 'tell':
        say(connection, () => socket.emit('tell', { level: effect.level, text: effect.text }))
        break
      case 'idle':
        say(connection, () => socket.emit('idle', { because: effect.because }))
        break
      case 'devicePaused':
        say(connection, () => socket.emit('paused', { paused: effect.paused, because: effect.because }))
        break
      default:
        throw new Error(`Unknown effect ${effect satisfies never}`)
    }
  }

  /** What cannot be told to one device must not keep the others from hearing of theirs. */
  function guarded(connection: Connection, run: () => void) {
    try {
      run()
    } catch (error) {
      parts.faulted(connection.socket, error)
    }
  }

  return {
    /** What is lent in one go travels as one message. */
    perform(effects: readonly AtOnce[]) {
      const lending = new Map<Connection, Lease[]>()
      for (const effect of effects) {
        const connection = directory.get(effect.device)
        if (connection) guarded(connection, () => perform(effect, connection, lending))
      }
      for (const [connection, leases] of lending)
        guarded(connection, () => say(connection, () => lend(connection, leases)))
    },
    performDurable(effect: DurableEffect, held: HeldResult | undefined) {
      switch (effect.type) {
        case 'acknowledge': {
          results.acknowledge(effect.ref, effect.runs)
          const volunteer = directory.get(effect.device)?.volunteer
          if (volunteer) totals.changed(volunteer.id)
          live.creditChanged()
          return
        }
        case 'jobChanged': {
          const { id, status } = effect.job
          registry.saved(effect.job)
          if (isFinal(status)) {
            registry.ended(id)
            log.info({ job: id, status }, 'job ended')
          }
          live.jobChanged(id)
          return
        }
        case 'taskAccepted':
          pictures.accepted(effect, held)
          return
        case 'taskRevoked':
          pictures.revoked(effect.job, effect.from, effect.to)
          return
        default:
          throw new Error(`Unknown effect ${effect satisfies never}`)
      }
    },
    /** A volunteer's device is here again: it is told what they have earned. */
    totalsChanged: totals.changed,
    close: totals.close,
  }
}

/** How often a volunteer hears of their credit, and how many hear of it a second: each asks the store for a rank. */
const EVERY_MS = 250
const AT_ONCE = 12

/** Tells volunteers what they have earned, soon after they earned it. */
function createTotals(parts: { store: Store; directory: Directory; committer(): Committer }) {
  const due = new Set<VolunteerId>()
  let timer: NodeJS.Timeout | null = null
  let closed = false

  async function tell(volunteer: VolunteerId) {
    const connections = parts.directory.of(volunteer)
    if (connections.length === 0) return
    const totals = await parts.store.volunteerTotals(volunteer)
    const pool = parts.committer().pool()
    let pending = 0
    for (const { record } of connections) pending += pool?.device(record.id)?.pendingCredit ?? 0
    for (const { socket } of connections) socket.emit('totals', { ...totals, pending })
  }

  async function flush() {
    const now = [...due].slice(0, AT_ONCE)
    for (const volunteer of now) due.delete(volunteer)
    await Promise.all(now.map(tell)).catch(() => {})
    timer = null
    plan()
  }

  function plan() {
    if (due.size > 0 && !closed) timer ??= setTimeout(() => void flush(), EVERY_MS)
  }

  return {
    changed(volunteer: VolunteerId) {
      due.add(volunteer)
      plan()
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
