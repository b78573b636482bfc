import { expect, test } from 'vitest'
import { btc } from '../../../jobs/btc/index.ts'

function complaints(params: unknown): Record<string, string> {
  const parsed = btc.schema.safeParse(params)
  if (parsed.success) return {}
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]))
}

const sweep = { series: 'a', analysis: 'sweep', windows: [5], tolerances: [0], holds: [1] }

test('[B8] every gallery entry is what the schema would accept', () => {
  for (const { params } of btc.gallery) {
    expect(btc.schema.parse(params)).toEqual(params)
    expect(btc.title(params).length).toBeLessThanOrEqual(80)
  }
})

test('[B8] a fee not given is none', () => {
  expect(btc.schema.parse(sweep)).toEqual({ ...sweep, fee: 0 })
})

test('[B8] complaints name the field and say what was written', () => {
  expect(complaints({ ...sweep, windows: [5, 1.5] })).toEqual({
    'windows.1': 'A window must be a whole number from 1 to 1000000. You wrote 1.5.',
  })
  expect(complaints({ ...sweep, fee: 1 })).toEqual({ fee: 'Fee must be a number from 0 to below 1. You wrote 1.' })
  expect(complaints({ ...sweep, windows: [] })).toEqual({
    windows: 'Windows must be a list of 1 to 1000 numbers. You wrote [].',
  })
  expect(complaints({ ...sweep, analysis: 'magic' })).toEqual({
    analysis: 'Analysis must be sweep, predict, forecast or levels. You wrote "magic".',
  })
  expect(complaints({ ...sweep, analysis: undefined })).toEqual({
    analysis: 'Analysis must be sweep, predict, forecast or levels. It is missing.',
  })
  expect(complaints({ ...sweep, depth: 3 })).toEqual({ depth: 'This analysis has no field "depth".' })
  expect(complaints({ ...sweep, from: 'yesterday' })).toEqual({
    from: 'From must be a time like "2026-11-21" or "2026-11-21T09:30:00Z". You wrote "yesterday".',
  })
  expect(complaints({ ...sweep, from: '2026-02-01', to: '2026-01-01' })).toEqual({
    to: 'To must not be before from. You wrote "2026-01-01".',
  })
  expect(complaints({ ...sweep, series: undefined })).toEqual({
    series: 'Series must be the id of an imported series. It is missing.',
  })
})

test('[B8] a grid and a forecast have a stated size', () => {
  const many = Array.from({ length: 1000 }, (_, i) => i + 1)
  expect(complaints({ ...sweep, windows: many, holds: many })).toEqual({
    windows: 'A grid may have at most 50000 cells. 1000 × 1 × 1000 are 1000000.',
  })
  const forecast = { series: 'a', analysis: 'forecast', paths: 100_000_000, points: 2000, method: 'gbm', seed: 1 }
  expect(complaints(forecast)).toEqual({ paths: 'Paths × points may be at most 100000000000. They are 200000000000.' })
  expect(complaints({ ...forecast, points: 10, upper: 5, lower: 6 })).toEqual({
    lower: 'The lower alarm must be below the upper one. You wrote 6.',
  })
})

test('[B8] rubbish of any shape is answered, never thrown at', () => {
  for (const rubbish of [null, 1, 'x', [], {}, { analysis: 'sweep' }, { analysis: 'levels', depth: {} }]) {
    expect(Object.keys(complaints(rubbish)).length).toBeGreaterThan(0)
  }
})
