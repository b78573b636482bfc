import { encodeSeries } from '../../../jobs/btc/series.ts'

// Small jobs for the laws every kind obeys (test/jobs/kinds.test.ts).

const prices = Float64Array.from({ length: 3000 }, (_, i) => 900_000_000_000 + ((i * i * 31) % 997) * 1_000_000)
const times = Float64Array.from(prices, (_, i) => Date.UTC(2019, 10, 1) + i * 15_000)
const input = encodeSeries({ prices, times, skipped: { unreadable: 0, price: 0, duplicate: 0, spike: 0 } })

const asked = [
  { analysis: 'sweep', windows: [5, 50, 4000], tolerances: [0, 0.001], holds: [0, 9], fee: 0.001 },
  { analysis: 'sweep', windows: [7], tolerances: [0.0001], holds: [1], fee: 0, from: '2019-11-01T02:00:00Z' },
  { analysis: 'predict', windows: [2, 60], horizons: [1, 8] },
  { analysis: 'forecast', paths: 300, points: 12, method: 'bootstrap', seed: 3, setpoint: 9001 },
  { analysis: 'forecast', paths: 3, points: 700, method: 'gbm', seed: 3, upper: 9500, lower: 8800 },
  { analysis: 'levels', depth: 3, window: 100, coverage: 0.9 },
]

export const cases = asked.map((params) => ({ params: { series: 's', ...params }, input, bytes: input }))
