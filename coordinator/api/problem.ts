import type { Fault } from './faults.ts'

/** A refusal with its HTTP status and words for people. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503 | 507
  readonly errors: readonly Fault[]
  readonly extra: Readonly<Record<string, unknown>>
  constructor(
    status: ApiProblem['status'],
    detail: string,
    errors: ApiProblem['errors'] = [],
    extra: ApiProblem['extra'] = {},
  ) {
    super(detail)
    this.status = status
    this.errors = errors
    this.extra = extra
  }
}
