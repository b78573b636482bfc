import type * as z from 'zod/mini'

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

/** Letters of a wrong value that are repeated. */
const MOST_SHOWN = 40

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object, { … }',
  record: 'an object, { … }',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, [ … ]',
}

/** What a schema says where its author left the words to it: which field, what it must be, what it was. */
export const faultWords: z.core.$ZodErrorMap = (issue) => {
  const field = issue.path?.length ? issue.path.map(String).join('.') : 'This'
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `${field} is missing.`
      return `${field} must be ${KINDS[issue.expected] ?? issue.expected}. ${youWrote(issue.input)}`
    case 'invalid_value':
      return `${field} must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}. ${youWrote(issue.input)}`
    case 'too_small':
      return `${field} ${bound('at least', issue.minimum, issue.origin)}`
    case 'too_big':
      return `${field} ${bound('at most', issue.maximum, issue.origin)}`
    case 'unrecognized_keys':
      return `There is no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, MOST_SHOWN))).join(', ')}.`
    default:
      return `${field} is not what belongs here. ${youWrote(issue.input)}`
  }
}

function bound(words: string, limit: number | bigint, origin: string): string {
  if (origin === 'string') return `must have ${words} ${limit} characters.`
  if (origin === 'array') return `must have ${words} ${limit} entries.`
  return `must be ${words} ${limit}.`
}

function youWrote(input: unknown): string {
  if (typeof input === 'object' && input !== null) return Array.isArray(input) ? 'It is a list.' : 'It is an object.'
  const text = JSON.stringify(input) ?? String(input)
  return `You wrote ${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}.`
}

/** What is wrong with a field of a request, in words, and where. */
export interface Fault {
  readonly path: string
  readonly message: string
}

/** One line per fault, with its place; unknown fields are told one by one. */
export function faults(
  path: readonly PropertyKey[],
  issue:
    | { readonly code: string; readonly message: string }
    | { code: 'unrecognized_keys'; keys: string[]; message: string },
): Fault[] {
  if ('keys' in issue && issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key].map(String).join('.'),
      message: `There is no field "${key.slice(0, 60)}".`,
    }))
  const place = path.map(String).join('.')
  return [{ path: place, message: issue.message }]
}
