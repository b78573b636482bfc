import * as z from 'zod/mini'
import {
  bounded,
  drain,
  json,
  nothing,
  pageQuery,
  type Route,
  route,
  wholeNumber,
} from '../../coordinator/http/route.ts'
import { ApiProblem } from '../../coordinator/problem.ts'
import type { Page, SeriesView } from '../../protocol/api.ts'
import { MAX_SERIES_BYTES } from '../../protocol/limits.ts'
import type { Prices } from '../desk/prices.ts'
import type { SeriesRecord } from './series.ts'
import type { OpenSeries } from './series-thread.ts'
import { inWords, SOURCES } from './source.ts'

const seriesQuery = z.object({
  name: z.optional(z.string().check(z.maxLength(100, 'name has at most 100 letters.'))),
  zone: z.optional(
    z.string().check(z.maxLength(60, 'zone must be UTC, an offset like +01:00 or a name like Europe/Berlin.')),
  ),
})

const DEFAULT_NAME = 'Imported series'
const FULL = 'The disk of this pool is too full for this series. Free some space and send it again.'

/**
 * Price series that btc jobs are computed from.
 * @param usedBy titles of jobs under way that read a series
 */
export function seriesRoutes(series: OpenSeries, usedBy: (id: string) => Promise<readonly string[]>): readonly Route[] {
  return [
    route(
      'PUT /series',
      'admin',
      'Import prices: CSV with a header of time and price (or candles, of which the close is taken), or a log of ' +
        '“$price, $average, $delta, [h:m:s - m/d/yyyy]”. Times without a zone are UTC unless `zone` says otherwise.',
      {
        query: seriesQuery,
        streams: `CSV or a log, at most ${MAX_SERIES_BYTES / (1 << 20)} MB.`,
        answers: {
          200: 'The same points were here already, under the same id.',
          201: 'The series, with what was left out and why.',
          413: 'It is larger than this address takes.',
          422: 'There is no price in it; the sentence says what was found instead.',
        },
        handle: async ({ query: { name, zone }, stream, streamBytes }) => {
          try {
            const body = bounded(stream, streamBytes, MAX_SERIES_BYTES)
            const answer = await series.import(body, { name: name?.trim() || DEFAULT_NAME, zone })
            if (answer.type === 'refused') throw new ApiProblem(422, answer.sentence)
            if (answer.type === 'full') throw new ApiProblem(503, FULL)
            return json(seriesView(answer.series), answer.created ? 201 : 200)
          } catch (error) {
            await drain(stream)
            throw error
          }
        },
      },
    ),
    route('GET /series', 'admin', 'Imported series, newest first, and the synthetic sample that every pool has.', {
      query: pageQuery,
      answers: { 200: 'A page of series.' },
      handle: async ({ query: { limit, cursor } }) => {
        const all = await series.list()
        const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1
        const items = all.slice(start, start + limit)
        const more = start + limit < all.length
        const next = more ? (items[items.length - 1]?.id ?? null) : null
        return json({ items: items.map(seriesView), next } satisfies Page<SeriesView>)
      },
    }),
    route('DELETE /series/:id', 'admin', 'Delete a series; results that were made of it can no longer be downloaded.', {
      answers: {
        204: 'It is gone.',
        404: 'There is no such series.',
        409: 'It is the sample, or a job under way needs it.',
      },
      handle: async ({ path }) => {
        const found = await series.get(path['id'] ?? '')
        if (!found || found.errand) throw new ApiProblem(404, 'There is no such series.')
        if (found.synthetic) throw new ApiProblem(409, 'The sample belongs to every pool; it cannot be deleted.')
        const [user] = await usedBy(found.id)
        if (user !== undefined)
          throw new ApiProblem(409, `“${user}” is still computed from this series. Cancel it first, or wait for it.`)
        await series.delete(found.id)
        return nothing
      },
    }),
  ]
}

function seriesView(record: SeriesRecord): SeriesView {
  const { id, name, points, from, to, skipped: reasons, gaps, outOfOrder, synthetic, createdAt } = record
  const skipped = reasons.unreadable + reasons.price + reasons.duplicate + reasons.spike
  const time = (ms: number) => new Date(ms).toISOString()
  const times = { from: time(from), to: time(to), createdAt: time(createdAt) }
  return { id, name, points, ...times, skipped, reasons, gaps, outOfOrder, synthetic }
}

const MOST_POINTS = 20_000
const streamQuery = z.object({
  points: z._default(
    z.optional(wholeNumber(/^([1-9]\d{0,3}|1\d{4}|20000)$/, `points must be a whole number from 1 to ${MOST_POINTS}.`)),
    0,
  ),
  levels: z._default(z.optional(z.enum(['on', 'off'], 'levels must be on or off.')), 'on'),
})

const STATE =
  'The desk. Prices in USD; what is not known yet is null. `levels`: { steps: [{ from, to, level }], computed: { at, ' +
  'points, from, to, devices, people, job } or null, waiting: a sentence or null }. `band`: { at, ahead, level, low, ' +
  'high, coverage: { asked, share, low, high, count } } or null: the next `ahead` prices after `at` are expected from ' +
  '`low` to `high`; `coverage.share` of `count` earlier prices lay in such bands.'

/** The live desk. */
export function deskRoutes(prices: Prices | null): readonly Route[] {
  const current = () => {
    if (prices) return prices
    throw new ApiProblem(404, `This pool runs without prices. Start it with --prices ${inWords(SOURCES)}.`)
  }
  const off = 'This pool runs without prices.'
  return [
    route(
      'GET /btc/state',
      'public',
      'The latest price, moving average, market state, linear model and its two-minute prediction; decision levels and ' +
        'a 90 % band, which the devices of the pool compute again and again while somebody asks.',
      {
        answers: { 200: STATE, 404: off },
        handle: async () => json(current().now().state),
      },
    ),
    route(
      'GET /btc/stream',
      'public',
      'The same as server-sent events, whenever something changes. With `points` also events `points` (at first the ' +
        'newest so many, then each: [ms since 1970, 10⁻⁸ USD]) and `feed` (how the source is doing). With `levels=off` ' +
        'levels and band are not computed for this reader.',
      {
        query: streamQuery,
        answers: { 200: 'text/event-stream.', 404: off },
        handle: async ({ query: { points, levels } }) => {
          const running = current()
          return {
            type: 'events',
            open(send) {
              const looks = levels === 'on'
              const { feed, state } = running.now(looks)
              if (points > 0) {
                send(feed, 'feed')
                send(running.recent(points), 'points')
              }
              send(state)
              return running.listen((news) => {
                if (news.type === 'state') send(news.state)
                else if (points > 0) send(news.type === 'feed' ? news.feed : news.points, news.type)
              }, looks)
            },
          }
        },
      },
    ),
  ]
}
