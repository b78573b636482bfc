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
export const boardQuery = z.object({
  ...page,
  by: z._default(z.optional(z.enum(['volunteer', 'device'], 'by must be volunteer or device.')), 'volunteer'),
  window: z._default(z.optional(z.enum(['day', 'week', 'all'], 'window must be day, week or all.')), 'all'),
})
export const resultQuery = z.object({
  format: z._default(z.optional(z.enum(['result', 'raw'], 'format must be raw, or left out.')), 'result'),
})

export const seriesQuery = z.object({
  name: z.optional(z.string().check(z.maxLength(100, 'name has at most 100 letters.'))),
  zone: z.optional(
    z.string().check(z.maxLength(60, 'zone must be UTC, an offset like +01:00 or a name like Europe/Berlin.')),
  ),
})
const MOST_POINTS = 20_000
export const streamQuery = z.object({
  points: z._default(
    z.optional(
      z.pipe(
        z.pipe(
          z
            .string()
            .check(z.regex(/^([1-9]\d{0,3}|1\d{4}|20000)$/, `points must be a whole number from 1 to ${MOST_POINTS}.`)),
          z.transform(Number),
        ),
        z.number(),
      ),
    ),
    0,
  ),
})

/** Only what was given: exact optional types know no undefined. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
