import fc from 'fast-check'
import { expect, test } from 'vitest'
import { add, has, intervals, remove, runs, within } from '../../coordinator/pool/intervals.ts'

const step = fc.record({ adds: fc.boolean(), from: fc.nat(60), length: fc.nat(20) })

test('a set of runs holds exactly what a plain set holds, in the fewest runs', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const set = intervals()
      const plain = new Set<number>()
      for (const { adds, from, length } of steps) {
        const before = plain.size
        for (let n = from; n < from + length; n++) {
          if (adds) plain.add(n)
          else plain.delete(n)
        }
        const changed = adds ? add(set, from, from + length) : remove(set, from, from + length)
        expect(changed).toBe(Math.abs(plain.size - before))
        expect(set.size).toBe(plain.size)
        for (let n = -1; n < 90; n++) expect(has(set, n)).toBe(plain.has(n))
        const list = runs(set)
        for (let i = 1; i < list.length; i++) expect(list[i]?.[0]).toBeGreaterThan(list[i - 1]?.[1] ?? 0)
        const inside = within(set, 10, 40).flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))
        expect(inside).toEqual([...plain].filter((n) => n >= 10 && n < 40).sort((a, b) => a - b))
      }
    }),
  )
})
