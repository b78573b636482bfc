import type * as z from 'zod/mini'
import {
  askSchema,
  failedSchema,
  handBackSchema,
  progressSchema,
  type ResultAck,
  renameSchema,
  resultSchema,
  stateSchema,
} from '../../protocol/device.ts'
import type { Committer } from '../committer/committer.ts'
import type { Fact } from '../committer/queue.ts'
import type { LeaseClaims } from '../pool/job.ts'
import type { Connection } from './connection.ts'
import { cleanName } from './identity.ts'
import { type Results, rejected } from './results.ts'
import type { Tokens } from './tokens.ts'

export interface ReceiveParts {
  readonly tokens: Tokens
  readonly results: Results
  committer(): Committer
  /** A name or a state that pages show is new. */
  changed(connection: Connection): void
  renamed(connection: Connection, name: string): void
}

/** What became of a message: understood, or the words for the device that sent it. */
export type Received = { readonly type: 'fine' } | { readonly type: 'malformed'; readonly because: string }
const FINE: Received = { type: 'fine' }

/** Parses what a device that was let in says and turns it into facts for the pool. Nothing here trusts the device. */
export function createReceive({ tokens, results, committer, changed, renamed }: ReceiveParts) {
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

  return {
    claimsOf,
    receive(connection: Connection, event: string, input: unknown, acknowledge: unknown): Received {
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
            changed(connection)
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
    },
  }
}

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
