import { MAX_SERIES_BYTES } from '../../../../protocol/limits.ts'
import type { Api } from '../../../api/port.ts'
import { json, nothing, type Route, route } from '../route.ts'
import { pageQuery, seriesQuery, withoutUndefined } from './queries.ts'

/** Price series that btc jobs are computed from. */
export function seriesRoutes({ series }: Api): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/series',
      access: 'admin',
      summary:
        'Import prices: CSV with a header of time and price (or candles, of which the close is taken), or a log of ' +
        '“$price, $average, $delta, [h:m:s - m/d/yyyy]”. Times without a zone are UTC unless `zone` says otherwise.',
      query: seriesQuery,
      upload: { contentType: 'text/csv', maxBytes: MAX_SERIES_BYTES },
      answers: {
        200: 'The same points were here already, under the same id.',
        201: 'The series, with what was left out and why.',
        422: 'There is no price in it; the sentence says what was found instead.',
      },
      handle: async ({ query, upload }) => {
        const { series: made, created } = await series.import(upload, withoutUndefined(query))
        return json(made, created ? 201 : 200)
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
