import * as z from 'zod/mini'
import { json, type Route, route } from '../../coordinator/http/route.ts'
import { ApiProblem } from '../../coordinator/problem.ts'
import type { Prices } from '../desk/prices.ts'

const MOST_POINTS = 20_000
const streamQuery = z.object({
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
    throw new ApiProblem(404, 'This pool runs without prices. Start it with --prices replay, kraken or coinbase.')
  }
  const off = 'This pool runs without prices.'
  return [
    route({
      method: 'GET',
      path: '/btc/state',
      access: 'public',
      summary:
        'The latest price, moving average, market state, linear model and its two-minute prediction; decision levels and ' +
        'a 90 % band, which the devices of the pool compute again and again while somebody asks.',
      answers: { 200: STATE, 404: off },
      handle: async () => json(current().now().state),
    }),
    route({
      method: 'GET',
      path: '/btc/stream',
      access: 'public',
      summary:
        'The same as server-sent events, whenever something changes. With `points` also events `points` (at first the ' +
        'newest so many, then each: [ms since 1970, 10⁻⁸ USD]) and `feed` (how the source is doing). With `levels=off` ' +
        'levels and band are not computed for this reader.',
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
    }),
  ]
}
