import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, clockAt, dayOf, isoOf, today } from '../../coordinator/pool/clock.ts'

test('days and times are those of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: -30_000_000_000_000, max: 200_000_000_000_000 }), (at) => {
      const iso = new Date(at).toISOString()
      fc.pre(iso.length === 24)
      expect(isoOf(at)).toBe(iso)
      expect(dayOf(at)).toBe(iso.slice(0, 10))
    }),
  )
})

test('[L3] pool time never runs backwards and never leaps', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -100_000_000, max: 100_000_000 })), (jumps) => {
      const clock = clockAt(1_790_000_000_000)
      for (const jump of jumps) {
        const before = clock.now
        advance(clock, clock.at + jump)
        expect(clock.now).toBeGreaterThanOrEqual(before)
        expect(clock.now - before).toBeLessThanOrEqual(4000)
        expect(today(clock)).toBe(dayOf(clock.at))
      }
    }),
  )
})
