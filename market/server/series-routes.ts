import * as z from 'zod/mini'
import { bounded, drain, json, nothing, type Route, route } from '../../coordinator/http/route.ts'
import { pageQuery, withoutUndefined } from '../../coordinator/http/routes/queries.ts'
import { MAX_SERIES_BYTES } from '../../protocol/limits.ts'
import type { SeriesApi } from './series-api.ts'

const seriesQuery = z.object({
  name: z.optional(z.string().check(z.maxLength(100, 'name has at most 100 letters.'))),
  zone: z.optional(
    z.string().check(z.maxLength(60, 'zone must be UTC, an offset like +01:00 or a name like Europe/Berlin.')),
  ),
})

/** Price series that btc jobs are computed from. */
export function seriesRoutes(series: SeriesApi): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/series',
      access: 'admin',
      summary:
        'Import prices: CSV with a header of time and price (or candles, of which the close is taken), or a log of ' +
        '“$price, $average, $delta, [h:m:s - m/d/yyyy]”. Times without a zone are UTC unless `zone` says otherwise.',
      query: seriesQuery,
      streams: `CSV or a log, at most ${MAX_SERIES_BYTES / (1 << 20)} MB.`,
      answers: {
        200: 'The same points were here already, under the same id.',
        201: 'The series, with what was left out and why.',
        413: 'It is larger than this address takes.',
        422: 'There is no price in it; the sentence says what was found instead.',
      },
      handle: async ({ query, stream, streamBytes }) => {
        try {
          const body = bounded(stream, streamBytes, MAX_SERIES_BYTES)
          const { series: made, created } = await series.import(body, withoutUndefined(query))
          return json(made, created ? 201 : 200)
        } catch (error) {
          await drain(stream)
          throw error
        }
      },
    }),
    route({
      method: 'GET',
      path: '/series',
      access: 'admin',
      summary: 'Imported series, newest first, and the synthetic sample that every pool has.',
      query: pageQuery,
      answers: { 200: 'A page of series.' },
      handle: async ({ query }) => json(await series.list(withoutUndefined(query))),
    }),
    route({
      method: 'DELETE',
      path: '/series/:id',
      access: 'admin',
      summary: 'Delete a series; results that were made of it can no longer be downloaded.',
      answers: {
        204: 'It is gone.',
        404: 'There is no such series.',
        409: 'It is the sample, or a job under way needs it.',
      },
      handle: async ({ path }) => {
        await series.delete(path['id'] ?? '')
        return nothing
      },
    }),
  ]
}
