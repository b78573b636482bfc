import { describe, expect, test } from 'vitest'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { type Rig, rig } from './rig.ts'

/** The device asks, and fails on the first task it gets. */
function failOnce(it: Rig, name: string): void {
  it.ask(name, 1)
  const [claims] = it.held(name)
  if (claims) it.fail(name, claims, claims.from)
}

function because(it: Rig, task: number): string {
  return (
    it.coordinator
      .pool()
      .explain({ job: 'j' as JobId, task })
      ?.because.join(' ') ?? ''
  )
}

/** Every device computes what it gets, and fails on one task. */
function poisoned(it: Rig, names: readonly string[], task: number, rounds = 200): void {
  for (let i = 0; i < rounds && it.job('j')?.status === 'running'; i++) {
    for (const name of names) {
      it.ask(name, 2)
      for (const claims of it.held(name)) {
        if (task >= claims.from && task < claims.to) {
          if (task > claims.from) it.give(name, claims, claims.from, task)
          it.fail(name, claims, task)
        } else it.give(name, claims)
      }
    }
    it.pass(1000)
  }
}

describe('attempts', () => {
  test('[L10] after three attempts a task is lent alone; after failing alone on three devices it fails the job, with its error', () => {
    const it = rig()
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) it.join(name, { known: true })
    it.submit('j', { taskCount: 30 })
    it.ask('a')
    poisoned(it, names, 7)
    expect(it.job('j')?.status).toBe('failed')
    expect(it.job('j')?.error).toBe(
      'Task 7 failed 6 times, at last alone on 3 different devices. The last error was: RangeError: out of memory',
    )
  })

  test('[L10] where fewer than three devices are here, three failures alone are enough', () => {
    const it = rig()
    it.join('a', { known: true })
    it.submit('j', { taskCount: 5 })
    it.ask('a')
    poisoned(it, ['a'], 2)
    expect(it.job('j')?.status).toBe('failed')
    expect(it.job('j')?.error).toContain('alone on one device')
  })

  test('[L11] failures of a task that is alone do not pause devices', () => {
    const it = rig()
    const names = ['a', 'b', 'c']
    for (const name of names) it.join(name, { known: true })
    for (const job of ['j', 'k', 'l', 'm']) {
      it.submit('j', { taskCount: 4, submitter: job })
      it.ask('a')
      poisoned(it, names, 2)
    }
    expect(it.said('devicePaused')).toEqual([])
  })

  test('[L12] five failures in a row pause a device with a message; the admin lets it go on', () => {
    const it = rig()
    it.join('bad')
    for (let i = 0; i < 5; i++) {
      it.submit(`j${i}`)
      expect(it.said('devicePaused')).toEqual([])
      failOnce(it, 'bad')
      it.pass(1000)
      it.hear({ type: 'jobCancelled', job: `j${i}` as JobId })
    }
    expect(it.said('devicePaused')).toMatchObject([{ device: 'bad', paused: true }])
    expect(it.said('devicePaused')[0]?.because).toContain('out of memory')
    it.submit('j')
    it.ask('bad', 2)
    expect(it.held('bad')).toEqual([])
    it.hear({ type: 'devicePaused', device: 'bad' as DeviceId, paused: false, because: 'Fixed.' })
    expect(it.said('devicePaused').at(-1)?.paused).toBe(false)
    expect(it.held('bad').length).toBeGreaterThan(0)
  })

  test('[L13] in-flight leases are halved on failure and come back with success', () => {
    const it = rig()
    it.join('a', { threads: 7, known: true })
    it.submit('j', { taskCount: 1000 })
    it.ask('a', 8)
    expect(it.held('a').length).toBe(8)
    const [bad] = it.held('a')
    if (!bad) throw new Error('nothing was lent')
    it.fail('a', bad, bad.from)
    it.ask('a', 8)
    expect(it.held('a').length).toBe(7)
    for (const claims of it.held('a')) it.give('a', claims)
    it.ask('a', 8)
    expect(it.held('a').length).toBe(8)
  })

  test('[L14] a device that vanishes and returns with its lease within a minute has lost nothing', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 1 })
    for (let i = 0; i < 5; i++) {
      it.ask('a')
      const claims = it.held('a')
      it.leave('a')
      it.pass(30_000)
      it.join('a', { held: claims })
    }
    const [claims] = it.held('a')
    for (let i = 0; claims && i < 20; i++) {
      it.hear({ type: 'progressed', device: 'a' as DeviceId, claims, task: 0, share: i / 20 })
      it.pass(6000)
    }
    expect(because(it, 0)).not.toContain('tried')
  })

  test('[L14] one that does not return has tried the first unfinished task it reported', () => {
    const it = rig()
    it.join('a', { known: true })
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    it.leave('a')
    it.pass(59_000)
    expect(because(it, 0)).not.toContain('tried')
    it.pass(3000)
    expect(because(it, 0)).toContain('tried 1 time')
  })

  test('[L15] restarts of the coordinator never count', () => {
    const it = rig()
    it.submit('j', { taskCount: 1 })
    for (let i = 0; i < 8; i++) {
      it.join('a', { known: true })
      it.ask('a')
      it.restart()
      it.pass(70_000)
    }
    it.join('a')
    it.work(['a'])
    expect(it.job('j')?.status).toBe('done')
  })

  test('[L16] counted attempts survive a restart', () => {
    const it = rig()
    for (const name of ['a', 'b', 'c']) it.join(name, { known: true })
    it.submit('j', { taskCount: 3 })
    for (let i = 0; i < 3; i++) {
      failOnce(it, 'a')
      it.pass(1000)
    }
    it.restart()
    expect(because(it, 0)).toContain('tried 3 times')
  })
})
