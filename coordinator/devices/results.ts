import type { RejectReason, ResultAck, ResultMessage } from '../../protocol/device.ts'
import { plainText } from '../../protocol/text.ts'
import type { Committer } from '../committer/committer.ts'
import type { JobRegistry } from '../job-registry.ts'
import type { Log } from '../log.ts'
import { unpack } from '../outputs/measure.ts'
import type { Measurer } from '../outputs/threads.ts'
import type { VerdictRun } from '../pool/effects.ts'
import type { ResultRef } from '../pool/events.ts'
import type { LeaseClaims } from '../pool/job.ts'
import type { Connection } from './connection.ts'

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

export interface ResultParts {
  readonly registry: JobRegistry
  readonly measurer: Measurer
  readonly log: Log
  committer(): Committer
}

/** The way of a result from the socket to the pool and back: measured, posted, held until durable, acknowledged. */
export interface Results {
  receive(connection: Connection, claims: LeaseClaims, message: ResultMessage, acknowledge: Acknowledge): void
  acknowledge(ref: ResultRef, runs: readonly VerdictRun[]): void
  sendBack(ref: ResultRef): void
  letGo(ref: ResultRef): void
  readonly heldBytes: number
}

export function createResults({ registry, measurer, log, committer }: ResultParts): Results {
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
        const { prices, digests, bytes, lengths } = measured
        const held = { from: message.from, outputs: unpack({ bytes, lengths }) }
        const { from, computeMs } = message
        const size = bytes.byteLength
        const fact = {
          type: 'resultReturned',
          device,
          claims,
          from,
          prices,
          digests,
          bytes: size,
          computeMs,
          ref,
        } as const
        if (!committer().post(fact, { ref, held })) break
        return
      }
      default:
        throw new Error(`Unknown measure ${measured satisfies never}`)
    }
    done(ref, busy(committer().refusal() ?? 'The pool is busy.'))
  }

  return {
    receive(connection, claims, message, acknowledge) {
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
    acknowledge: (ref, runs) => done(ref, { type: 'kept', runs }),
    sendBack: (ref) => done(ref, busy(committer().refusal() ?? 'The pool is busy.')),
    letGo: (ref) => done(ref, busy('The pool has not looked at this yet.')),
    get heldBytes() {
      return heldBytes
    },
  }
}

export function busy(message: string): ResultAck {
  return { type: 'busy', retryAfterMs: BUSY_MS, message }
}

export function rejected(
  message: Pick<ResultMessage, 'from' | 'outputs'>,
  reason: RejectReason,
  why: string,
): ResultAck {
  const { from, outputs } = message
  return {
    type: 'kept',
    runs: [{ from, to: from + outputs.length, verdict: { type: 'rejected', reason, message: why } }],
  }
}
