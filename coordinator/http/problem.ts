import type { ServerResponse } from 'node:http'
import type { Problem } from '../../protocol/api.ts'
import { ApiProblem } from '../api/problem.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Not allowed',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Wrong state',
  410: 'Gone',
  412: 'Another protocol',
  413: 'Too large',
  415: 'Not readable here',
  422: 'Invalid fields',
  429: 'Too many requests',
  500: 'A fault of this pool',
  501: 'Not spoken here',
  503: 'Not now',
  507: 'No space',
}

/** A refusal that only HTTP knows: the API itself never answers these. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.headers = headers
  }
}

/** The status, headers and RFC 9457 body of anything thrown; null for what is a bug. */
export function problemOf(
  error: unknown,
): { readonly problem: Problem; readonly headers: Readonly<Record<string, string>> } | null {
  if (error instanceof HttpProblem) return { problem: problem(error.status, error.message), headers: error.headers }
  if (error instanceof ApiProblem) {
    const { status, message, errors, extra } = error
    const headers: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {}
    return { problem: { ...extra, ...problem(status, message), ...(errors.length > 0 ? { errors } : {}) }, headers }
  }
  // The store could not answer: told in its own words.
  const sentence = (error as { sentence?: unknown } | null)?.sentence
  return typeof sentence === 'string' ? { problem: problem(503, sentence), headers: { 'retry-after': '2' } } : null
}

export function problem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
}

export function sendProblem(
  response: ServerResponse,
  body: Problem,
  headers: Readonly<Record<string, string>> = {},
  withBody = true,
): void {
  const text = JSON.stringify(body)
  response.writeHead(body.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(withBody ? text : undefined)
}
