import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputsOf, resultOf, seriesOf, text } from './job.ts'
import { prices, wildPrices } from './prices.ts'
import * as straight from './straight.ts'

interface Sweep {
  readonly used: { readonly points: number }
  readonly grid: readonly unknown[]
  readonly buyAndHold: number
  readonly walkForward: unknown
}

const grids = fc.record({
  windows: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  tolerances: fc.array(fc.constantFrom(0, 0, 0.0001, 0.001, 0.01, 0.3), { minLength: 1, maxLength: 4 }),
  holds: fc.array(fc.constantFrom(0, 1, 2, 3, 7, 64, 100), { minLength: 1, maxLength: 3 }),
  fee: fc.constantFrom(0, 0.001, 0.26 / 100),
})

async function swept(units: readonly number[], grid: object, simd: boolean): Promise<Sweep> {
  return resultOf<Sweep>({ series: 's', analysis: 'sweep', ...grid }, seriesOf(units), simd)
}

test('[B1] every number of a sweep equals the definition to the bit, with SIMD and without', async () => {
  await fc.assert(
    fc.asyncProperty(prices(2, 400), grids, fc.boolean(), async (units, grid, simd) => {
      const { used, grid: cells, buyAndHold, walkForward } = await swept(units, grid, simd)
      expect(used.points).toBe(units.length)
      expect({ grid: cells, buyAndHold, walkForward }).toEqual(straight.sweep(units, grid))
    }),
    { numRuns: 150 },
  )
})

test('[B1] sums stay exact for the largest prices a series may hold', async () => {
  await fc.assert(
    fc.asyncProperty(wildPrices(2, 120), grids, fc.boolean(), async (units, grid, simd) => {
      const { grid: cells } = await swept(units, grid, simd)
      expect(cells).toEqual(straight.sweep(units, grid).grid)
    }),
    { numRuns: 80 },
  )
})

test('[B1] a price equal to its average is blue: ties are decided exactly', async () => {
  const units = Array.from({ length: 300 }, () => 911_646_000_000)
  const grid = { windows: [1, 3, 7, 299], tolerances: [0], holds: [1], fee: 0.001 }
  const { grid: cells, walkForward } = await swept(units, grid, true)
  for (const cell of cells) expect(cell).toMatchObject({ return: 0, maxDrawdown: 0, changes: 0, exposure: 0 })
  expect(walkForward).toEqual({ best: { window: 1, tolerance: 0, hold: 1 }, train: 0, test: 0 })
})

test('[B1] a window longer than the series has no steps', async () => {
  const { grid } = await swept([100, 200, 300], { windows: [4, 3], tolerances: [0], holds: [1], fee: 0 }, true)
  for (const cell of grid) expect(cell).toMatchObject({ return: 0, maxDrawdown: 0, changes: 0, exposure: null })
})

test('[B2] many cells of one long window are cut into several tasks, and the cut changes nothing', async () => {
  const units = Array.from({ length: 40_000 }, (_, i) => 900_000_000_000 + ((i * 7919) % 1000) * 1_000_000)
  const holds = Array.from({ length: 50 }, (_, i) => i * 3)
  const grid = { windows: [20, 500], tolerances: Array.from({ length: 100 }, (_, i) => i / 100_000), holds, fee: 0.001 }
  const params = { series: 's', analysis: 'sweep' as const, ...grid }
  const input = seriesOf(units)
  const outputs = await outputsOf(params, input)
  expect(outputs.length).toBeGreaterThan(4)
  for (const output of outputs) expect(output.length).toBeLessThanOrEqual(256 * 1024)
  const { grid: cells } = JSON.parse(await text(params, outputs, input, 'result')) as Sweep
  expect(cells).toHaveLength(10_000)
  const single = await swept(units, { windows: [500], tolerances: [0.00042], holds: [9], fee: 0.001 }, false)
  expect(cells[5000 + 42 * 50 + 3]).toEqual(single.grid[0])
})

test('[B2] the CSV form has the grid, a row a cell', async () => {
  const params = { series: 's', analysis: 'sweep' as const, windows: [2, 9], tolerances: [0], holds: [1], fee: 0 }
  const input = seriesOf([100, 110, 105, 120])
  const lines = (await text(params, await outputsOf(params, input), input, 'csv')).trim().split('\n')
  expect(lines[0]).toBe('window,tolerance,hold,return,maxDrawdown,changes,exposure')
  expect(lines[2]).toBe('9,0,1,0,0,0,')
  expect(lines).toHaveLength(3)
})
