import type { IncomingHttpHeaders } from 'node:http'
import type * as z from 'zod/mini'
import type { Fault } from '../api/faults.ts'
import type { Download } from '../api/port.ts'
import type { EventSender } from './events.ts'

// One table of routes: it dispatches requests, and /api/v1/openapi.json is read from it, so neither can drift.

/** A HEAD is answered as its GET would be, where a route does not speak of it. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Changes nothing. */
export const reads = (method: Method): boolean => method === 'GET' || method === 'HEAD'

/**
 * Who may call. `open`: everybody. `public`: everybody who may enter; where the pool asks for a key, its bearers.
 * `admin`: bearers of the admin key, or an admin's cookie.
 */
export type Access = 'open' | 'public' | 'admin'

export interface RouteRequest<Body, Query> {
  /** Named parts of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly headers: IncomingHttpHeaders
  readonly address: string
  readonly cookie: string | null
  readonly isAdmin: boolean
  /** The body as it comes, for routes with `streams`; whoever leaves it early leaves the connection whole. */
  readonly stream: AsyncIterable<Uint8Array>
  /** Length of the body, where the request says it. */
  readonly streamBytes: number | undefined
}

export type Answer =
  | { readonly type: 'json'; readonly status?: number; readonly body: unknown; readonly headers?: Headers }
  /** No body; 204 unless said. */
  | { readonly type: 'nothing'; readonly status?: number; readonly headers?: Headers }
  | { readonly type: 'bytes'; readonly contentType: string; readonly bytes: Uint8Array; readonly headers?: Headers }
  | { readonly type: 'download'; readonly download: Download }
  /** Server-sent events until the reader goes; `open` answers how to stop. */
  | { readonly type: 'events'; open(send: EventSender): () => void }
  /** Packed on the way where `compress` says so and the reader can unpack. */
  | {
      readonly type: 'stream'
      readonly contentType: string
      readonly sizeBytes: number
      readonly compress: boolean
      readonly body: AsyncIterable<Uint8Array>
    }
type Headers = Readonly<Record<string, string>>

export interface Route {
  readonly method: Method
  /** Under /api/v1, for example `/jobs/:id`. */
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly body?: z.ZodMiniType
  /** Faults of a wrong body beyond those of its schema: they are told together. */
  alsoWrong?(body: unknown): readonly Fault[]
  readonly query?: z.ZodMiniType
  /** The body is bytes of any length, read by the handler; what it takes. */
  readonly streams?: string
  /** What each status means here, errors that any call may have left out. */
  readonly answers: Readonly<Record<number, string>>
  handle(request: RouteRequest<never, never>): Promise<Answer>
}

/** Infers the handler's body and query from the schemas. */
export function route<B extends z.ZodMiniType | undefined = undefined, Q extends z.ZodMiniType | undefined = undefined>(
  definition: Omit<Route, 'body' | 'query' | 'handle'> & {
    body?: B
    query?: Q
    handle(request: RouteRequest<Parsed<B>, Parsed<Q>>): Promise<Answer>
  },
): Route {
  return definition as unknown as Route
}
type Parsed<S> = S extends z.ZodMiniType<infer T> ? T : undefined

export function json(body: unknown, status = 200): Answer {
  return { type: 'json', status, body }
}
export const nothing: Answer = { type: 'nothing' }
