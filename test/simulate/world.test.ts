import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOSTILE, ROUGH, type WorldOptions } from './options.ts'
import { runWorld } from './world.ts'

const world: fc.Arbitrary<WorldOptions> = fc
  .record({
    seed: fc.nat(2 ** 31),
    devices: fc.integer({ min: 1, max: 14 }),
    liars: fc.constantFrom(0, 0.2, 0.5),
    colluding: fc.constantFrom(0, 0.1, 0.3),
    churn: fc.constantFrom(0, 3, 30),
    minutes: fc.integer({ min: 1, max: 3 }),
    host: fc.boolean(),
    jobsAtOnce: fc.integer({ min: 1, max: 4 }),
    faults: fc.constantFrom(HOSTILE, ROUGH),
  })
  .map(({ minutes, ...options }) => ({
    ...options,
    hours: minutes / 60,
    sizes: { fewest: 1, most: 120, cheapestMs: 50, dearestMs: 8000, poisoned: 0.1, hostOnly: options.host ? 0.05 : 0 },
    sendEveryMs: 1000,
    invariantsEvery: 1,
  }))

test('[P2] in worlds where everything goes wrong no law is broken after any event, nothing is stuck, and credit adds up', () => {
  fc.assert(
    fc.property(world, (options) => {
      const { stuck, creditImbalance, poisonedDone } = runWorld(options)
      expect({ stuck, creditImbalance, poisonedDone }).toEqual({ stuck: 0, creditImbalance: 0, poisonedDone: 0 })
    }),
    { numRuns: 30, ...(process.env['FC_SEED'] ? { seed: Number(process.env['FC_SEED']) } : {}) },
  )
})

const CLASSROOM: WorldOptions = {
  seed: 1,
  devices: 60,
  liars: 0.2,
  colluding: 0.1,
  churn: 0.3,
  hours: 0.1,
  host: false,
  jobsAtOnce: 4,
  faults: ROUGH,
  sendEveryMs: 3000,
  sizes: { fewest: 50, most: 1500, cheapestMs: 300, dearestMs: 2000, poisoned: 0, hostOnly: 0 },
  invariantsEvery: 0,
}

test('[P4] with honest devices the output is that of a straight loop, whatever the number, order and churn of devices', () => {
  for (const devices of [1, 3, 25]) {
    const { done, stuck } = runWorld({
      ...CLASSROOM,
      devices,
      liars: 0,
      colluding: 0,
      churn: 20,
      hours: 0.05,
      faults: HOSTILE,
    })
    expect(stuck).toBe(0)
    expect(Object.values(done).reduce((sum, { tasks }) => sum + tasks, 0)).toBeGreaterThan(0)
    for (const { wrong } of Object.values(done)) expect(wrong).toBe(0)
  }
})

test('[T3] a fifth lying on their own and a tenth together: strict and maxWrong stay within their bounds', () => {
  for (const [trust, bound] of [
    ['strict', 0.01],
    [{ maxWrong: 0.05 }, 0.05],
  ] as const) {
    const { done } = runWorld({ ...CLASSROOM, sizes: { ...CLASSROOM.sizes, trust } })
    const [sum] = Object.values(done)
    expect(sum?.tasks).toBeGreaterThan(500)
    expect((sum?.wrong ?? 0) / (sum?.tasks ?? 1)).toBeLessThanOrEqual(bound)
  }
})

test('[P6] the same seed gives the same world, to the last event', () => {
  const options = { ...CLASSROOM, devices: 20, hours: 0.03 }
  expect(runWorld(options)).toEqual(runWorld(options))
  expect(runWorld({ ...options, seed: 2 })).not.toEqual(runWorld(options))
})
