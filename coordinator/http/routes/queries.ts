import * as z from 'zod/mini'

// What may stand behind the question mark of lists.

const LIMIT = 'limit must be a whole number from 1 to 500.'
const limit = z.pipe(
  z.pipe(z.string().check(z.regex(/^([1-9]\d?|[1-4]\d\d|500)$/, LIMIT)), z.transform(Number)),
  z.number(),
)
const DEFAULT_LIMIT = 50

export const page = {
  limit: z._default(z.optional(limit), DEFAULT_LIMIT),
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
}
export const pageQuery = z.object(page)
export const jobsQuery = z.object({
  ...page,
  status: z.optional(
    z.enum(
      ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'],
      'status must be queued, running, paused, done, failed or cancelled.',
    ),
  ),
})
const MOST_WAIT_S = 60
const WAIT = `wait must be a whole number of seconds from 0 to ${MOST_WAIT_S}.`
export const jobQuery = z.object({
  wait: z._default(
    z.optional(z.pipe(z.pipe(z.string().check(z.regex(/^([1-5]?\d|60)$/, WAIT)), z.transform(Number)), z.number())),
    0,
  ),
})
export const boardQuery = z.object({
  ...page,
  by: z._default(z.optional(z.enum(['volunteer', 'device'], 'by must be volunteer or device.')), 'volunteer'),
  window: z._default(z.optional(z.enum(['day', 'week', 'all'], 'window must be day, week or all.')), 'all'),
})
export const resultQuery = z.object({
  format: z._default(
    z.optional(z.string().check(z.regex(/^[a-z][a-z-]{0,30}$/, 'format must be a word like raw or csv, or left out.'))),
    'result',
  ),
})
const MOST_ROWS = 50
const ROWS = `at must be up to ${MOST_ROWS} numbers of rows, perhaps each with a byte in it, like 5,17:301.`
export const rowsQuery = z.object({
  at: z.pipe(
    z.string(ROWS).check(z.regex(/^\d{1,15}(:\d{1,15})?(,\d{1,15}(:\d{1,15})?){0,49}$/, ROWS)),
    z.transform((text) =>
      text.split(',').map((place) => {
        const [row = 0, byte] = place.split(':').map(Number)
        return { row, ...(byte === undefined ? {} : { byte }) }
      }),
    ),
  ),
})

const MAX_PARAMS_LENGTH = 8000
const PARAMS = 'params must be a JSON object of the kind’s params, without the file.'
const jsonObject = z.pipe(
  z.string().check(z.maxLength(MAX_PARAMS_LENGTH, PARAMS), z.refine(isJsonObject, PARAMS)),
  z.transform((text) => JSON.parse(text) as Readonly<Record<string, unknown>>),
)
export const fileQuery = z.object({
  /** For people; the content is what a file is known by. */
  name: z._default(z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))), 'unnamed'),
})
export const previewQuery = z.object({
  kind: z.optional(z.string().check(z.maxLength(40))),
  params: z._default(z.optional(jsonObject), {}),
})
export const leaseQuery = z.object({ lease: z.string('lease is missing.').check(z.maxLength(600)) })

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** Only what was given: exact optional types know no undefined. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
