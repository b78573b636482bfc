import type * as z from 'zod/mini'
import {
  askSchema,
  failedSchema,
  handBackSchema,
  progressSchema,
  type RejectReason,
  type ResultAck,
  type ResultMessage,
  renameSchema,
  resultSchema,
  stateSchema,
} from '../../protocol/device.ts'
import { plainText } from '../../protocol/limits.ts'
import type { Committer } from '../committer/committer.ts'
import type { Fact } from '../committer/queue.ts'
import type { JobRegistry } from '../job-registry.ts'
import type { Log } from '../log.ts'
import { unpack } from '../outputs/measure.ts'
import type { Measurer } from '../outputs/threads.ts'
import type { VerdictRun } from '../pool/effects.ts'
import type { ResultRef } from '../pool/events.ts'
import type { LeaseClaims } from '../pool/job.ts'
import type { Tokens } from '../secrets.ts'
import type { Connection } from './connection.ts'
import { cleanName } from './identity.ts'

/** What became of a message: understood, or the words for the device that sent it. */
export type Received = { readonly type: 'fine' } | { readonly type: 'malformed'; readonly because: string }
const FINE: Received = { type: 'fine' }

/** Parses what a device that was let in says and turns it into facts for the pool. Nothing here trusts the device. */
export function createReceive(parts: {
  tokens: Tokens
  results: Results
  committer(): Committer
  /** A name or a state that pages show is new. */
  changed(): void
  renamed(connection: Connection, name: string): void
}) {
  const { tokens, results, committer, changed, renamed } = parts

  /** Null unless this pool signed it for this device; a signature is checked once. */
  function claimsOf(connection: Connection, token: string): LeaseClaims | null {
    const known = connection.lent.get(token)
    if (known) return known
    const claims = tokens.verify(token)
    return claims && claims.device === connection.record.id ? claims : null
  }

  /** What cannot be taken must not be forgotten: when it connects again, it says what it still holds. */
  function post(connection: Connection, fact: Fact) {
    if (committer().post(fact)) return
    // While the pool is being rebuilt nothing is lost: each connection joins the new one as it is then.
    const because = committer().pool() && committer().refusal()
    if (!because) return
    connection.socket.emit('tell', { level: 'warn', text: because })
    connection.socket.disconnect(true)
  }

  /** Facts about one task of a lease of this device. */
  function onLease<M extends { readonly lease: string }>(
    connection: Connection,
    message: M,
    task: number,
    factOf: (claims: LeaseClaims) => Fact,
  ): Received {
    const claims = claimsOf(connection, message.lease)
    // Not a fault: a lease that ended meanwhile, or one of another pool's data folder.
    if (!claims) return malformed('This lease is not this device’s.')
    if (task < claims.from || task >= claims.to) return malformed(`Task ${task} is not in this lease.`)
    connection.line.now(() => post(connection, factOf(claims)))
    return FINE
  }

  function result(connection: Connection, input: unknown, acknowledge: unknown): Received {
    const answer = typeof acknowledge === 'function' ? (ack: ResultAck) => acknowledge(ack) : () => {}
    const parsed = resultSchema.safeParse(input)
    if (!parsed.success) {
      answer({ type: 'kept', runs: [] })
      return malformed(sentence(parsed.error))
    }
    const message = parsed.data
    const claims = claimsOf(connection, message.lease)
    if (!claims) {
      answer(rejected(message, 'unknown-lease', 'This lease was not given to this device by this pool.'))
      return malformed('A result came with a lease that is not this device’s.')
    }
    if (message.from < claims.from || message.from + message.outputs.length > claims.to) {
      answer(rejected(message, 'invalid', 'The result has tasks that are not in its lease.'))
      return malformed('A result had tasks that are not in its lease.')
    }
    results.receive(connection, claims, message, answer)
    return FINE
  }

  return (connection: Connection, event: string, input: unknown, acknowledge: unknown): Received => {
    const device = connection.record.id
    switch (event) {
      case 'result':
        return result(connection, input, acknowledge)
      case 'ask':
        return parsed(askSchema, input, ({ leases }) => {
          connection.room = leases
          connection.line.now(() => committer().post({ type: 'workAsked', device, leases }))
          return FINE
        })
      case 'progress':
        return parsed(progressSchema, input, (message) =>
          onLease(connection, message, message.task, (claims) => {
            return { type: 'progressed', device, claims, task: message.task, share: message.share }
          }),
        )
      case 'failed':
        return parsed(failedSchema, input, (message) =>
          onLease(connection, message, message.task, (claims) => {
            connection.lent.delete(message.lease)
            return { type: 'taskErrored', device, claims, task: message.task, message: message.message }
          }),
        )
      case 'handBack':
        return parsed(handBackSchema, input, (message) =>
          onLease(connection, message, message.from, (claims) => {
            connection.lent.delete(message.lease)
            return { type: 'leaseHandedBack', device, claims, from: message.from }
          }),
        )
      case 'state':
        return parsed(stateSchema, input, (state) => {
          const working = state.state === 'working'
          if (state.threads !== connection.threads || working !== connection.working) {
            connection.threads = state.threads
            connection.working = working
            connection.line.now(() => {
              post(connection, { type: 'deviceChanged', device, threads: state.threads, working })
            })
          }
          connection.state = state
          changed()
          return FINE
        })
      case 'rename':
        return parsed(renameSchema, input, ({ name }) => {
          renamed(connection, cleanName(name))
          return FINE
        })
      case 'bye':
        connection.gone = true
        connection.line.now(() => {
          committer().post({ type: 'deviceLeft', device, goodbye: true })
          connection.socket.disconnect(true)
        })
        return FINE
      default:
        return malformed(`There is no message "${event.slice(0, 40)}".`)
    }
  }
}

export type Receive = ReturnType<typeof createReceive>

function malformed(because: string): Received {
  return { type: 'malformed', because }
}

function parsed<T>(schema: z.ZodMiniType<T>, input: unknown, then: (message: T) => Received): Received {
  const result = schema.safeParse(input)
  return result.success ? then(result.data) : malformed(sentence(result.error))
}

/** Where the first fault is and what it is. */
export function sentence(error: z.core.$ZodError): string {
  return error.issues[0]?.message ?? 'This is not what belongs here.'
}

/** Results of one device on their way to the disk; a session keeps less than this under way. */
const DEVICE_BYTES = 32 * 1024 * 1024
/** Of all devices together: what a room sends in the second that a slow card may take for a commit. */
const TOTAL_BYTES = 256 * 1024 * 1024
const BUSY_MS = 1000

type Acknowledge = (answer: ResultAck) => void

interface Incoming {
  readonly connection: Connection
  readonly acknowledge: Acknowledge
  readonly bytes: number
}

/** The way of a result from the socket to the pool and back: measured, posted, held until durable, acknowledged. */
export function createResults(parts: { registry: JobRegistry; measurer: Measurer; log: Log; committer(): Committer }) {
  const { registry, measurer, log, committer } = parts
  const incoming = new Map<ResultRef, Incoming>()
  let heldBytes = 0
  let lastRef = 0

  function done(ref: ResultRef, answer: ResultAck | null) {
    const result = incoming.get(ref)
    if (!result) return
    incoming.delete(ref)
    heldBytes -= result.bytes
    result.connection.heldBytes -= result.bytes
    if (answer) result.acknowledge(answer)
  }

  async function measureAndPost(ref: ResultRef, connection: Connection, claims: LeaseClaims, message: ResultMessage) {
    const job = registry.get(claims.job)
    if (!job) return done(ref, rejected(message, 'not-running', 'This job is no longer here.'))
    const inOrder = connection.line.later()
    try {
      const measured = await measurer.measure(job.facts, message.from, message.outputs)
      inOrder(() => {
        try {
          post(ref, connection, claims, message, measured)
        } catch (error) {
          done(ref, null)
          throw error
        }
      })
    } catch (error) {
      log.error({ err: error }, 'a result could not be measured')
      inOrder(() => done(ref, busy('The pool could not look at this result.')))
    }
  }

  function post(
    ref: ResultRef,
    connection: Connection,
    claims: LeaseClaims,
    message: ResultMessage,
    measured: Awaited<ReturnType<Measurer['measure']>>,
  ) {
    const device = connection.record.id
    switch (measured.type) {
      case 'broken':
        log.error({ job: claims.job, why: measured.message }, 'a result could not be priced')
        return done(ref, busy('The pool could not look at this result.'))
      case 'malformed': {
        const { task } = measured
        // It may quote what the device sent, or a file.
        const why = plainText(measured.message)
        const held = { from: message.from, outputs: [] }
        if (!committer().post({ type: 'resultMalformed', device, claims, task, message: why, ref }, { ref, held }))
          break
        return
      }
      case 'measured': {
        const { prices, digests, lengths } = measured
        const { from, computeMs } = message
        const bytes = measured.bytes.byteLength
        const held = { from, outputs: unpack({ bytes: measured.bytes, lengths }) }
        const fact = { type: 'resultReturned', device, claims, from, prices, digests, bytes, computeMs, ref } as const
        if (!committer().post(fact, { ref, held })) break
        return
      }
      default:
        throw new Error(`Unknown measure ${measured satisfies never}`)
    }
    done(ref, busy(committer().refusal() ?? 'The pool is busy.'))
  }

  return {
    receive(connection: Connection, claims: LeaseClaims, message: ResultMessage, acknowledge: Acknowledge) {
      let bytes = 0
      for (const output of message.outputs) bytes += output.length
      const refusal = committer().refusal()
      if (refusal !== null) return acknowledge(busy(refusal))
      if (connection.heldBytes + bytes > DEVICE_BYTES || heldBytes + bytes > TOTAL_BYTES)
        return acknowledge(busy('The pool is catching up with what it was sent.'))
      const ref = ++lastRef
      incoming.set(ref, { connection, acknowledge, bytes })
      heldBytes += bytes
      connection.heldBytes += bytes
      void measureAndPost(ref, connection, claims, message)
    },
    acknowledge: (ref: ResultRef, runs: readonly VerdictRun[]) => done(ref, { type: 'kept', runs }),
    sendBack: (ref: ResultRef) => done(ref, busy(committer().refusal() ?? 'The pool is busy.')),
    letGo: (ref: ResultRef) => done(ref, busy('The pool has not looked at this yet.')),
    get heldBytes() {
      return heldBytes
    },
  }
}

export type Results = ReturnType<typeof createResults>

function busy(message: string): ResultAck {
  return { type: 'busy', retryAfterMs: BUSY_MS, message }
}

function rejected({ from, outputs }: ResultMessage, reason: RejectReason, why: string): ResultAck {
  return {
    type: 'kept',
    runs: [{ from, to: from + outputs.length, verdict: { type: 'rejected', reason, message: why } }],
  }
}
