import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marketState, movingAverage } from '../../../market/desk/average.ts'
import { type DeskTick, isStale, newDesk } from '../../../market/desk/desk.ts'
import { chanceAbove, newForesight, newLine } from '../../../market/desk/foresight.ts'
import { type AlarmState, listen, silent } from '../../../market/pages/use-alarms.ts'
import { prices, wildPrices } from './prices.ts'
import * as straight from './straight.ts'

const options = { window: 50, tolerance: 0.0005, modelPoints: 1000 }

test('[B9] the moving average is the exact sum, divided and rounded once', () => {
  fc.assert(
    fc.property(fc.oneof(prices(1, 80), wildPrices(1, 80)), fc.integer({ min: 1, max: 40 }), (units, window) => {
      const average = movingAverage(window)
      const expected = straight.averages(units, window).map((value) => (Number.isNaN(value) ? null : value))
      expect(units.map((price) => average.add(price))).toEqual(expected)
    }),
  )
})

test('[B9] green above the average, red below, blue within the tolerance and on it', () => {
  expect(marketState(1001, 1000, 0)).toBe('green')
  expect(marketState(999, 1000, 0)).toBe('red')
  expect(marketState(1000, 1000, 0)).toBe('blue')
  expect(marketState(1010, 1000, 0.02)).toBe('blue')
  expect(marketState(1021, 1000, 0.02)).toBe('green')
})

test('[B9] the linear model is the textbook’s, rounded once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ gap: fc.integer({ min: 0, max: 1e8 }), cents: fc.integer({ min: 1, max: 1e9 }) }), {
        maxLength: 30,
      }),
      fc.integer({ min: 0, max: 1e6 }),
      (points, ahead) => {
        const line = newLine()
        let at = Date.UTC(2026, 10, 21)
        const xs: number[] = []
        for (const { gap, cents } of points) {
          at += gap
          xs.push(at)
          line.add(at, cents * 1_000_000)
        }
        const [first = 0] = xs
        const n = BigInt(points.length)
        const sum = (of: (x: bigint, y: bigint) => bigint) =>
          points.reduce((all, { cents }, i) => all + of(BigInt(xs[i]! - first), BigInt(cents) * 1_000_000n), 0n)
        const determinant = n * sum((x) => x * x) - sum((x) => x) ** 2n
        if (determinant === 0n) {
          expect([line.value(at), line.slope()]).toEqual([null, null])
          return
        }
        const slope = n * sum((x, y) => x * y) - sum((x) => x) * sum((_, y) => y)
        const intercept = sum((_, y) => y) * sum((x) => x * x) - sum((x) => x) * sum((x, y) => x * y)
        const value = intercept + slope * BigInt(at + ahead - first)
        expect(line.value(at + ahead)).toBe(straight.quotient(value, determinant * 100_000_000n))
        expect(line.slope()).toBe(straight.quotient(slope * 1000n, determinant * 100_000_000n))
      },
    ),
  )
})

function feed(ticks: readonly DeskTick[], chosen = options) {
  const desk = newDesk(chosen)
  return {
    desk,
    states: ticks.map((tick) => {
      desk.add(tick)
      return desk.state(false)
    }),
  }
}

const tick = (i: number, usd: number): DeskTick => ({
  at: 1_600_000_000_000 + i * 15_000,
  units: Math.round(usd * 1e8),
  source: 'test',
})

test('[B9] a desk without prices is stale and says nothing', () => {
  expect(newDesk().state(false)).toEqual({
    at: null,
    price: null,
    source: null,
    stale: true,
    average: null,
    state: null,
    model: null,
    error: null,
    prediction: null,
  })
})

test('[B9] a new model begins after as many points as asked; errors are of the model before the tick', () => {
  const { states } = feed(
    Array.from({ length: 7 }, (_, i) => tick(i, 100 + i)),
    { ...options, modelPoints: 3 },
  )
  expect(states.map(({ model }) => model?.points ?? null)).toEqual([null, 2, 3, null, 2, 3, null])
  // On a straight line every model foretells the next tick; the second tick of a model has only one point before it.
  expect(states.map(({ error }) => error)).toEqual([null, null, 0, 0, null, 0, 0])
  expect(states[2]).toMatchObject({ prediction: 110, model: { value: 102, slope: 1 / 15 } })
  expect(states[4]!.model!.since).toBe(states[3]!.at)
})

test('[B10] a prediction is measured by the first price at or after its time, unless that came too late', () => {
  const foresight = newForesight(120_000, 2)
  foresight.foretell(0, 100, 110)
  foresight.settle(119_999, 500)
  expect(foresight.accuracy().count).toBe(0)
  foresight.settle(121_000, 108)
  expect(foresight.errors()).toEqual([-2])
  expect(foresight.accuracy()).toMatchObject({ count: 1, mae: 2, bias: -2, better: { share: 1 } })
  foresight.foretell(200_000, 100, 110)
  foresight.settle(400_000, 1)
  expect(foresight.accuracy().count).toBe(1)
  for (const at of [500_000, 600_000, 700_000]) {
    foresight.foretell(at, 100, 100)
    foresight.settle(at + 120_000, 100)
  }
  expect(foresight.errors()).toEqual([0, 0])
  expect(foresight.accuracy().better.share).toBe(0)
})

test('[B10] the chance above the setpoint counts past errors, strictly, and only with enough of them', () => {
  const errors = Array.from({ length: 100 }, (_, i) => i - 50)
  expect(chanceAbove(100, 100, errors)?.share).toBe(0.49)
  expect(chanceAbove(1000, 100, errors)?.share).toBe(0)
  expect(chanceAbove(100, 100, errors.slice(0, 29))).toBeNull()
})

test('[B11] an alarm rings when it is reached, once, and again after the price came back', () => {
  let state: AlarmState = silent
  const rings = [99, 100, 101, 99, 100, 80, 79, 90, 80].map((price, at) => {
    const heard = listen(state, { upper: 100, lower: 80 }, at, price)
    state = heard.state
    return heard.rings.map(({ which }) => which).join()
  })
  expect(rings).toEqual(['', 'upper', '', '', 'upper', 'lower', '', '', 'lower'])
  expect(listen(silent, { upper: null, lower: null }, 0, 5).rings).toEqual([])
})

test('[B11] a quiet feed is stale after half a minute, a slow one after three of its usual pauses', () => {
  expect(isStale(null, 0, 1000)).toBe(true)
  expect([isStale(0, 30_000, 1000), isStale(0, 30_001, 1000)]).toEqual([false, true])
  expect([isStale(0, 180_000, 60_000), isStale(0, 180_001, 60_000)]).toEqual([false, true])
})

const log = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'btc-15s-2019-11.txt')

describe.skipIf(!existsSync(log))('with ../shared/data', () => {
  test('[B9] every number of the desk equals a straightforward computation over the real log', () => {
    const ticks = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [, price = '', h, m, s, month, day, year] =
          /^\$([\d.]+)\t.*\[(\d+):(\d+):(\d+) - (\d+)\/(\d+)\/(\d+)\]/.exec(line)!
        const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(h), Number(m), Number(s))
        return { at, units: Math.round(Number(price) * 100) * 1_000_000, source: 'replay' }
      })
    const { desk, states } = feed(ticks)
    const usd = ticks.map(({ units }) => units / 1e8)
    for (let i = 0; i < ticks.length; i += 1) {
      const state = states[i]!
      const window = usd.slice(Math.max(0, i - 49), i + 1)
      if (window.length < 50) expect(state.average).toBeNull()
      else {
        const average = window.reduce((a, b) => a + b, 0) / 50
        expect(Math.abs(state.average! - average)).toBeLessThan(1e-8)
        // Where the price has not moved for the whole window it equals the average: a tie, which is blue.
        if (window.every((price) => price === usd[i])) expect(state.state).toBe('blue')
      }
      const start = Math.floor(i / 1000) * 1000
      const xs = ticks.slice(start, i + 1).map(({ at }) => (at - ticks[start]!.at) / 1000)
      if (i % 50 !== 7) continue
      const ys = usd.slice(start, i + 1)
      const mx = xs.reduce((a, b) => a + b, 0) / xs.length
      const my = ys.reduce((a, b) => a + b, 0) / ys.length
      const slope =
        xs.reduce((sum, x, k) => sum + (x - mx) * (ys[k]! - my), 0) / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
      expect(state.model).toMatchObject({ points: i - start + 1, since: new Date(ticks[start]!.at).toISOString() })
      expect(Math.abs(state.model!.slope - slope)).toBeLessThan(1e-9)
      expect(Math.abs(state.model!.value - (my + slope * (xs.at(-1)! - mx)))).toBeLessThan(1e-6)
      expect(Math.abs(state.prediction! - (my + slope * (xs.at(-1)! + 120 - mx)))).toBeLessThan(1e-6)
    }
    expect(desk.accuracy().count).toBe(1000)
    expect(desk.errors()).toHaveLength(1000)
  })
})

test.runIf(!existsSync(log))('[B9] the real log is not here: what it would test is skipped', () => {
  console.warn(`There is no ${log}; the tests with the real log did not run.`)
})
