import { describe, expect, test } from 'vitest'
import type { DeviceId } from '../../protocol/ids.ts'
import { type Rig, rig } from './rig.ts'

/** The device says so every second, and nothing else. */
function report(it: Rig, name: string, seconds: number, shareAt: (second: number) => number): number {
  for (let second = 0; second < seconds; second++) {
    const [claims] = it.held(name)
    if (!claims) return second
    it.hear({ type: 'progressed', device: name as DeviceId, claims, task: claims.from, share: shareAt(second) })
    it.pass(1000)
  }
  return seconds
}

describe('leases of devices that report and return nothing', () => {
  test('[L3] progress that does not grow extends a deadline for two minutes only', () => {
    const it = rig({}, 10)
    it.join('a')
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    const seconds = report(it, 'a', 1000, () => 0.5)
    expect(seconds).toBeGreaterThan(115)
    expect(seconds).toBeLessThan(125)
    expect(it.said('release')).toMatchObject([{ device: 'a' }])
  })

  test('[L3] the same result again extends no deadline', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 50 })
    it.join('known', { known: true })
    it.work(['known'].slice(1))
    it.ask('known')
    for (const claims of it.held('known')) it.give('known', claims)
    it.ask('a')
    for (const claims of it.held('a')) it.give('a', claims)
    it.ask('a')
    const [claims] = it.held('a')
    if (!claims || claims.to - claims.from < 2) throw new Error('nothing long was lent')
    for (let i = 0; i < 60 && it.held('a').length > 0; i++) {
      it.give('a', claims, claims.from, claims.from + 1)
      it.pass(1000)
    }
    expect(it.held('a')).toEqual([])
  })

  test('[L18] no lease gets older than sixteen times what is expected, or ten minutes where that is more, whatever it reports', () => {
    const it = rig({}, 10)
    it.join('b', { known: true })
    it.submit('j', { taskCount: 3 })
    it.ask('b')
    for (const claims of it.held('b')) it.give('b', claims)
    it.join('a', { known: true })
    it.ask('a')
    const seconds = report(it, 'a', 5000, (second) => second / 5000)
    expect(seconds).toBeGreaterThan(595)
    expect(seconds).toBeLessThan(630)
    it.ask('b', 2)
    it.work(['b'])
    expect(it.job('j')?.status).toBe('done')
  })

  test('[L18] a slow phone on an expensive task is given the time its own speed asks for; a stranger gets more still', () => {
    for (const known of [true, false]) {
      const it = rig({}, 10)
      it.join('phone', { taskMs: 60_000 })
      it.submit('j', { taskCount: 3 })
      it.ask('phone')
      for (const claims of it.held('phone')) {
        report(it, 'phone', 60, (second) => second / 60)
        it.give('phone', claims)
      }
      const name = known ? 'phone' : 'stranger'
      if (!known) it.join(name)
      it.ask(name)
      const seconds = report(it, name, 4000, (second) => second / 4000)
      expect(seconds).toBeGreaterThan(known ? 900 : 3500)
      expect(seconds).toBeLessThan(3800)
    }
  })

  test('[L18] a lease that comes back with its device is no younger for that', () => {
    const it = rig({}, 10)
    it.join('a')
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    let seconds = 0
    for (let round = 0; round < 40 && it.held('a').length > 0; round++) {
      seconds += report(it, 'a', 120, (second) => second / 120)
      const held = it.held('a')
      it.leave('a')
      it.join('a', { held })
    }
    expect(seconds).toBeLessThan(3700)
  })

  for (const trust of ['fast', 'normal', 'strict'] as const) {
    test(`[L6] a device that only reports progress stops no job of trust ${trust}, however fast it says it is`, () => {
      const it = rig()
      // Bytes like anybody's, in no time: from now on it is the fastest here.
      it.join('liar', { known: true, taskMs: 1 })
      for (const name of ['a', 'b', 'c']) it.join(name, { known: true })
      it.submit('j', { taskCount: 30, trust })
      it.ask('liar')
      for (const claims of it.held('liar')) it.give('liar', claims)
      it.ask('liar', 2)
      expect(it.held('liar').length).toBe(2)
      const held = it.held('liar')
      for (let i = 0; i < 900 && it.job('j')?.status !== 'done'; i++) {
        for (const claims of held)
          it.hear({ type: 'progressed', device: 'liar' as DeviceId, claims, task: claims.from, share: i / 900 })
        it.pass(100, 100)
        for (const name of ['a', 'b', 'c']) {
          it.ask(name)
          for (const claims of it.held(name)) it.give(name, claims)
        }
      }
      expect(it.job('j')?.status).toBe('done')
    })
  }

  test('[L6] nothing is known of the job yet and all of it is with devices that only report progress: others compute it', () => {
    const it = rig()
    for (const name of ['x', 'y']) it.join(name)
    it.submit('j', { taskCount: 4 })
    for (const name of ['x', 'y']) it.ask(name, 2)
    it.join('a', { known: true })
    const held = (['x', 'y'] as const).flatMap((name) => it.held(name).map((claims) => ({ name, claims })))
    for (let i = 0; i < 40 && it.job('j')?.status !== 'done'; i++) {
      for (const { name, claims } of held)
        it.hear({ type: 'progressed', device: name as DeviceId, claims, task: claims.from, share: i / 40 })
      it.work(['a'])
    }
    expect(it.job('j')?.status).toBe('done')
  })
})
