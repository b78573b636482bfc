import { type Api, ApiProblem } from '../../../api/port.ts'
import { json, type Route, route } from '../route.ts'
import { streamQuery } from './queries.ts'

/** The live desk. */
export function btcRoutes(api: Api): readonly Route[] {
  const running = () => {
    if (api.prices) return api.prices
    throw new ApiProblem(404, 'This pool runs without prices. Start it with --prices replay, kraken or coinbase.')
  }
  const off = 'This pool runs without prices.'
  return [
    route({
      method: 'GET',
      path: '/btc/state',
      access: 'public',
      summary: 'The latest price, moving average, market state, linear model and its two-minute prediction.',
      answers: { 200: 'The desk. Prices in USD; what is not known yet is null.', 404: off },
      handle: async () => json(running().now().state),
    }),
    route({
      method: 'GET',
      path: '/btc/stream',
      access: 'public',
      summary:
        'The same as server-sent events, whenever something changes. With `points` also events `points` (at first the ' +
        'newest so many, then each: [ms since 1970, 10⁻⁸ USD]) and `feed` (how the source is doing).',
      query: streamQuery,
      answers: { 200: 'text/event-stream.', 404: off },
      handle: async ({ query: { points } }) => {
        const prices = running()
        return {
          type: 'events',
          open(send) {
            const { feed, state } = prices.now()
            if (points > 0) {
              send(feed, 'feed')
              send(prices.recent(points), 'points')
            }
            send(state)
            return prices.listen((news) => {
              if (news.type === 'state') send(news.state)
              else if (points > 0) send(news.type === 'feed' ? news.feed : news.points, news.type)
            })
          },
        }
      },
    }),
  ]
}
