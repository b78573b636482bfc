import fc from 'fast-check'
import { test } from 'vitest'
import { type Step, stage, step } from './steps.ts'

function live(steps: readonly Step[]): void {
  const { take, comeToAnEnd } = stage()
  for (const each of steps) take(each)
  comeToAnEnd()
}

const FOUND: Readonly<Record<string, readonly Step[]>> = {
  "[T7] the admin's word stands when an unchecked task is contested": [
    { do: 'submit', job: 'j0', trust: 'normal', count: 2 },
    { do: 'join', device: 'e', known: false, keeps: false },
    { do: 'ask', device: 'e', leases: 1 },
    { do: 'join', device: 'a', known: false, keeps: false },
    { do: 'resend', device: 'e', nth: 0, says: 'truth' },
    { do: 'ask', device: 'a', leases: 1 },
    { do: 'decree', job: 'j0', what: 'jobAcceptedUnchecked' },
    { do: 'give', device: 'a', nth: 0, part: 0, says: 'own' },
  ],
}

for (const [name, steps] of Object.entries(FOUND)) test(`found before: ${name}`, () => live(steps))

test('[P2] whatever happens in whatever order: no law is broken, and every job comes to its end', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 120, size: 'max' }), (steps) => live(steps)),
    { numRuns: 150, ...(process.env['FC_SEED'] ? { seed: Number(process.env['FC_SEED']) } : {}) },
  )
})
