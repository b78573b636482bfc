import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FAULTS, type Fault, type Module } from './faults.ts'

// Who watches the laws? Each fault below is planted into one module of the pool, and must be caught by the law named.

afterEach(() => {
  vi.doUnmock('../../coordinator/pool/pool.ts')
  vi.resetModules()
})

async function caught({ file, plant, story }: Fault): Promise<string> {
  const path = `../../coordinator/pool/${file}.ts`
  vi.resetModules()
  const names = Object.keys(plant({}))
  vi.doMock(path, async () => {
    const real: Module = await import(`${path}?planted=${names.join(',')}`)
    const originals = names.map((name) => [name, real[`${name}Original`]])
    Object.assign(globalThis, { planted: plant({ ...real, ...Object.fromEntries(originals) }) })
    return { ...real }
  })
  const { stage, step } = await import('./steps.ts')
  const steps = story ? fc.constant(story) : fc.array(step, { minLength: 30, maxLength: 120, size: 'max' })
  const outcome = fc.check(
    fc.property(steps, (steps) => {
      const { take, comeToAnEnd } = stage()
      for (const each of steps) take(each)
      comeToAnEnd()
    }),
    // The shortest story does not matter here.
    { numRuns: story ? 1 : 1500, seed: 2026, endOnFailure: true, interruptAfterTimeLimit: 90_000 },
  )
  vi.doUnmock(path)
  return outcome.failed ? String((outcome.errorInstance as Error | null)?.message) : 'nothing'
}

for (const [area, faults] of Object.entries(FAULTS)) {
  describe(`a fault planted into ${area} code is caught by a law that names it`, () => {
    for (const fault of faults) {
      test(fault.name, async () => {
        const law = await caught(fault)
        expect(
          fault.caughtBy.some((rule) => law.startsWith(rule)),
          `expected ${fault.caughtBy.join(' or ')}, got ${law.slice(0, 300)}`,
        ).toBe(true)
      })
    }
  })
}
