import { expect, test } from 'vitest'
import { syntheticTicks } from '../../market/server/sample.ts'
import { resultOf, seriesOf } from '../jobs/btc/job.ts'

test.each([1, 2, 3])(
  '[B4] synthetic sample %i: a band asked for 0.9 covers 0.85 to 0.95 of the prices its fit never saw',
  async (seed) => {
    const ticks = syntheticTicks(seed, 0)
    const prices = Array.from({ length: 40_000 }, () => ticks.next().value?.units ?? 0)
    const params = { series: 's', analysis: 'levels', depth: 5, window: 500, coverage: 0.9 }
    const { coverage } = await resultOf<{ coverage: { share: number; count: number } }>(params, seriesOf(prices))
    expect(coverage.count).toBeGreaterThan(35_000)
    expect(coverage.share).toBeGreaterThan(0.85)
    expect(coverage.share).toBeLessThan(0.95)
  },
)
