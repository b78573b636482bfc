import type { JobBrief, Lease } from '../../protocol/device.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { AtOnce } from '../committer/committer.ts'
import { hasInput, sharedInput, slicedInput } from '../inputs/lease-input.ts'
import type { JobRegistry } from '../job-registry.ts'
import { type Connection, type Directory, type Faulted, rememberLease } from './connection.ts'
import type { Tokens } from './tokens.ts'

/** Tells devices what the pool wants of them, at once; what is lent in one go travels as one message. */
export function createPerform(parts: {
  directory: Directory
  registry: JobRegistry
  tokens: Tokens
  /** What a job reads is no longer there. */
  inputGone(job: JobId): void
  readonly faulted: Faulted
}) {
  const { directory, registry, tokens } = parts

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

  return (effects: readonly AtOnce[]) => {
    const lending = new Map<Connection, Lease[]>()
    for (const effect of effects) {
      const connection = directory.get(effect.device)
      if (connection) guarded(connection, () => perform(effect, connection, lending))
    }
    for (const [connection, leases] of lending)
      guarded(connection, () => say(connection, () => lend(connection, leases)))
  }
}
