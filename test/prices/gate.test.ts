import { expect, test } from 'vitest'
import { newGate, type Tick } from '../../market/server/feed.ts'

const tick = (seconds: number, usd: number): Tick => ({ at: seconds * 1000, units: usd * 1e8, source: 'test' })

test('[Q3] live ticks: late, repeated and wild ones are left out with their reason, a day without is told', () => {
  const gate = newGate()
  const verdict = (one: Tick, now?: number) => {
    const { type, ...rest } = gate.admit(one, now)
    return type === 'kept' ? ('gapMs' in rest ? `gap ${rest.gapMs}` : 'kept') : 'because' in rest ? rest.because : ''
  }
  expect(verdict(tick(100, 9000))).toBe('kept')
  expect(verdict(tick(115, 9000))).toBe('kept')
  expect(verdict(tick(115, 9001))).toBe('duplicate')
  expect(verdict(tick(100, 9001))).toBe('outOfOrder')
  expect(verdict(tick(130, 90_000))).toBe('spike')
  expect(verdict(tick(145, 9002))).toBe('kept')
  expect(verdict(tick(100_000, 9002))).toBe('gap 99855000')
  expect(verdict(tick(200_000, 9002), 100_000_000)).toBe('future')
  expect(gate.excluded()).toEqual({ outOfOrder: 1, duplicate: 1, spike: 1, future: 1 })
})

test('[Q3] a new level is believed when three in a row agree on it, and not when they do not', () => {
  const gate = newGate(tick(0, 100))
  expect([1000, 10, 1000, 1001, 1002].map((usd, i) => gate.admit(tick(i + 1, usd)).type)).toEqual([
    'excluded',
    'excluded',
    'excluded',
    'excluded',
    'kept',
  ])
})
