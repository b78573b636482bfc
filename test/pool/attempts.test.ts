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

  test('[L10] three devices of one person or behind one address are one voice: a task fails its job only with others', () => {
    for (const same of [{ volunteer: 'mallory' }, { network: 'home' }]) {
      const it = rig()
      const names = ['a', 'b', 'c', 'd']
      for (const name of names) it.join(name, { known: true, ...same })
      it.join('far', { known: true })
      it.submit('j', { taskCount: 6 })
      it.ask('far')
      it.hear({ type: 'deviceChanged', device: 'far' as DeviceId, threads: 1 })
      poisoned(it, names, 2, 20)
      expect(it.job('j')?.status).toBe('running')
      it.work(['far'])
      expect(it.job('j')?.status).toBe('done')
    }
  })

  test('[L10] failures behind one address are enough where nobody is behind another, but of three people where they are', () => {
    const it = rig()
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) it.join(name, { known: true, network: 'home', ...(name < 'c' && { volunteer: 'ada' }) })
    it.submit('j', { taskCount: 6 })
    it.ask('a')
    poisoned(it, names, 2)
    expect(it.job('j')?.error).toContain('Task 2 failed 6 times, at last alone on 3 different devices.')
  })

  test('[L10] who is here and does nothing does not keep a task that cannot be computed from failing its job', () => {
    const it = rig()
    it.join('a', { known: true })
    it.join('idle', { known: true })
    it.submit('j', { taskCount: 6 })
    it.ask('a')
    poisoned(it, ['a'], 2, 400)
    expect(it.job('j')?.status).toBe('failed')
  })

  test("[L10] where the host's agent is here only its own failure fails the job", () => {
    const it = rig()
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) it.join(name, { known: true })
    it.join('host', { host: true })
    it.submit('j', { taskCount: 6 })
    it.ask('a')
    poisoned(it, names, 2, 30)
    expect(it.job('j')?.status).toBe('running')
    poisoned(it, ['host'], 2)
    expect(it.job('j')?.error).toContain('at last alone on the host itself. The last error was: RangeError')
  })

  test('[L10] a lease the host lost is a failure of the task only when it happens three times', () => {
    const it = rig()
    it.join('host', { host: true })
    it.submit('j', { taskCount: 1 })
    for (let i = 0; i < 3; i++) {
      failOnce(it, 'host')
      it.pass(1000)
    }
    for (let i = 0; i < 3; i++) {
      expect(it.job('j')?.status).toBe('running')
      it.ask('host')
      it.pass(20_000)
    }
    expect(it.job('j')?.error).toContain('on the host itself. The last error was: It was not finished in time.')
  })

  for (const trust of ['fast', 'normal', 'strict'] as const) {
    for (const count of [3, 40]) {
      test(`[L10] ${count} devices that only fail do not end a job of trust ${trust} beside a host that computes it`, () => {
        const it = rig()
        const liars = Array.from({ length: count }, (_, i) => `liar${i}`)
        for (const name of liars) it.join(name, { network: 'home' })
        it.join('host', { host: true, network: 'home' })
        it.submit('j', { taskCount: 8, trust })
        for (let i = 0; i < 60 && it.job('j')?.status !== 'done'; i++) {
          for (const name of liars) {
            it.ask(name, 2)
            for (const claims of it.held(name)) it.fail(name, claims, claims.from)
          }
          it.ask('host', 1)
          it.pass(1000)
          for (const claims of it.held('host')) it.give('host', claims)
        }
        expect(it.job('j')).toMatchObject({ status: 'done', tasksDone: 8 })
        expect(new Set(it.said('taskAccepted').map(({ device }) => device))).toEqual(new Set(['host']))
      })
    }
  }

  test('[L19] who fails alone what others then compute is paused in the end, and nobody else', () => {
    for (const trust of ['fast', 'normal', 'strict'] as const) {
      const it = rig()
      const honest = ['a', 'b', 'c', 'd']
      for (const name of [...honest, 'bad']) it.join(name, { known: true })
      for (let i = 0; i < 12 && it.said('devicePaused').length === 0; i++) {
        for (const name of honest) it.ask(name, 0)
        it.submit(`j${i}`, { taskCount: 1, trust })
        // Everybody has lost it once: now it is alone.
        for (const name of honest.slice(0, 3)) {
          it.ask(name)
          for (const claims of it.held(name)) it.fail(name, claims, claims.from)
        }
        failOnce(it, 'bad')
        it.work(honest)
        expect(it.job(`j${i}`)?.status).toBe('done')
        it.submit(`k${i}`, { taskCount: 12 })
        it.work(honest)
      }
      expect(it.said('devicePaused')).toMatchObject([{ device: 'bad', paused: true }])
      expect(it.said('devicePaused')[0]?.because).toContain('failed here and nowhere else')
    }
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
    for (const name of ['a', 'b', 'c']) {
      it.join(name)
      failOnce(it, name)
      it.pass(1000)
      it.restart()
    }
    expect(it.said('jobChanged').at(-1)?.job.status).toBe('failed')
  })
})
