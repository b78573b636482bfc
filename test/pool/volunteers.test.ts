import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import { type Rig, rig } from './rig.ts'

// A recovery code makes a device another volunteer's in the middle of a job.

const paidIn = (it: Rig, job: string) => Object.fromEntries(it.coordinator.book.jobs.get(job as JobId)!.paid)
const returnOne = (it: Rig, name: string, says: 'truth' | 'own' = 'truth') => {
  it.ask(name, 1)
  for (const claims of it.held(name)) it.give(name, claims, claims.from, claims.to, says)
}

test('[D43] what is taken back from a device that changed hands is taken from whom it was paid to', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('noor', 'mara', 'restart'), { minLength: 2, maxLength: 8 }), (story) => {
      const it = rig()
      it.submit('j', { trust: 'normal', taskCount: 300 })
      const before = new Set<string>()
      for (const part of story) {
        if (part === 'restart') it.restart()
        else {
          it.join('a', { volunteer: part, known: true })
          const had = paidIn(it, 'j')
          returnOne(it, 'a')
          const has = paidIn(it, 'j')
          expect(has[part]).toBeGreaterThan(had[part] ?? 0)
          for (const other of before) if (other !== part) expect(has[other]).toBe(had[other])
          before.add(part)
        }
      }
      // Caught in another job, so that nothing that rests on its word alone stands.
      it.join('a', { volunteer: 'mara', known: true })
      it.submit('k', { trust: 'strict', taskCount: 1, priority: 9 })
      returnOne(it, 'a', 'own')
      it.join('host', { host: true })
      returnOne(it, 'host')
      expect(it.job('k')?.status).toBe('done')
      const left = paidIn(it, 'j')
      for (const name of before) expect(left[name]).toBe(0)
      // What was taken back is computed again by the same device, and paid to whose it is now.
      it.join('a', { volunteer: 'mara' })
      it.work(['host', 'a'])
      expect(it.job('j')?.status).toBe('done')
    }),
    { numRuns: 20 },
  )
})

test('[D43] a result that waited is paid to the volunteer it was returned for', () => {
  for (const restarts of [false, true]) {
    const it = rig()
    it.submit('j', { trust: 'normal', taskCount: 300 })
    it.join('a', { volunteer: 'noor' })
    returnOne(it, 'a')
    const waiting = it.job('j')!.pendingCredit
    expect(waiting).toBeGreaterThan(0)
    if (restarts) it.restart()
    it.join('a', { volunteer: 'mara' })
    it.join('b', { known: true })
    const { paid } = it.coordinator.book.jobs.get('j' as JobId)!
    it.work(['b'])
    expect(Object.fromEntries(paid)).toMatchObject({ noor: waiting })
    expect(paid.has('mara' as VolunteerId)).toBe(false)
  }
})
