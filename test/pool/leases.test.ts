import { describe, expect, test } from 'vitest'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { rig } from './rig.ts'

describe('leases', () => {
  test('[L4] a stranger starts with one task, and grows towards seconds of work', () => {
    const it = rig({}, 20)
    it.join('a')
    it.submit('j', { taskCount: 100_000 })
    const lengths: number[] = []
    for (let i = 0; i < 8; i++) {
      it.ask('a', 1)
      const [claims] = it.held('a')
      if (!claims) throw new Error('nothing was lent')
      lengths.push(claims.to - claims.from)
      it.pass(100 * (claims.to - claims.from))
      it.give('a', claims)
    }
    expect(lengths[0]).toBe(1)
    expect(lengths[1]).toBeLessThanOrEqual(8)
    // 100 ms a task: between two and five seconds.
    expect(lengths.at(-1)).toBeGreaterThanOrEqual(20)
    expect(lengths.at(-1)).toBeLessThanOrEqual(50)
  })

  test('[L4] a small job is shared: nobody gets more than a fair part of what is left', () => {
    const it = rig()
    for (const name of ['a', 'b', 'c', 'd']) it.join(name, { known: true })
    it.submit('warm', { taskCount: 400 })
    it.work(['a', 'b', 'c', 'd'])
    it.submit('j', { taskCount: 40 })
    for (const name of ['a', 'b', 'c', 'd']) it.ask(name, 2)
    for (const name of ['a', 'b', 'c', 'd']) {
      for (const { from, to } of it.held(name)) expect(to - from).toBeLessThanOrEqual(5)
    }
  })

  test('[L4] a job that reads much bounds its leases, however fast a device is', () => {
    const it = rig({}, 20)
    it.join('a', { taskMs: 1 })
    it.submit('j', { taskCount: 10_000, leaseTasks: 7 })
    let longest = 0
    for (let i = 0; i < 8; i++) {
      it.ask('a', 1)
      for (const claims of it.held('a')) {
        longest = Math.max(longest, claims.to - claims.from)
        it.pass(claims.to - claims.from)
        it.give('a', claims)
      }
    }
    expect(longest).toBe(7)
  })

  test('[L4] a device twenty times slower gets leases twenty times shorter', () => {
    const it = rig({}, 100)
    const speeds = { fast: 10, slow: 200 }
    it.join('fast', { taskMs: speeds.fast })
    it.join('slow', { taskMs: speeds.slow })
    it.submit('j', { taskCount: 100_000 })
    const last = { fast: 0, slow: 0 }
    for (let i = 0; i < 30; i++) {
      for (const name of ['fast', 'slow'] as const) {
        it.ask(name, 1)
        for (const claims of it.held(name)) {
          last[name] = claims.to - claims.from
          it.pass(speeds[name] * last[name])
          it.give(name, claims)
        }
      }
    }
    expect(last.fast / last.slow).toBeGreaterThan(8)
    expect(last.fast / last.slow).toBeLessThan(40)
  })

  test('[L9] who asks while it holds all it may is served when a lease of its ends, without asking again', () => {
    const it = rig()
    it.join('a', { threads: 1 })
    it.submit('j', { taskCount: 100 })
    it.ask('a', 2)
    const first = it.held('a')
    expect(first.length).toBe(2)
    // A device that comes back with everything computed: it asks before its last results are in.
    it.ask('a', 2)
    it.pass(3000)
    for (const claims of first) it.give('a', claims)
    it.pass(2000)
    expect(it.held('a').length).toBe(2)
  })

  test('[L2] what a device held is free again the moment it leaves', () => {
    const it = rig()
    it.join('a')
    it.join('b')
    it.submit('j', { taskCount: 2 })
    it.ask('a', 2)
    it.ask('b', 2)
    expect(it.held('b')).toEqual([])
    it.leave('a')
    expect(it.held('b').length).toBe(2)
  })

  test('[L3] a silent lease expires after fifteen seconds, its tasks go to others, and its late result is welcome', () => {
    const it = rig()
    it.join('a')
    it.join('b')
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    const [late] = it.held('a')
    it.pass(14_000)
    it.ask('b')
    expect(it.held('b')).toEqual([])
    it.pass(3000)
    expect(it.said('release').length).toBe(1)
    expect(it.held('b').length).toBe(1)
    if (late) expect(it.give('a', late)[0]?.verdict).toEqual({ type: 'accepted' })
    expect(it.job('j')?.status).toBe('done')
  })

  test('[L3] progress that grows extends a deadline', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    const [claims] = it.held('a')
    if (!claims) throw new Error('nothing was lent')
    for (let i = 0; i < 60; i++) {
      it.pass(5000)
      it.hear({ type: 'progressed', device: 'a' as DeviceId, claims, task: 0, share: i / 60 })
    }
    expect(it.held('a').length).toBe(1)
  })

  test("[L3] setting the host's clock expires nothing", () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 1 })
    it.ask('a')
    for (const jump of [86_400_000, -2 * 86_400_000, 3_600_000]) {
      it.jump(jump)
      it.pass(1000)
    }
    expect(it.held('a').length).toBe(1)
  })

  test('[L5] higher priority first, whenever it comes', () => {
    const it = rig()
    it.join('a')
    it.submit('low', { taskCount: 5 })
    it.submit('high', { taskCount: 5, priority: 3 })
    it.ask('a', 2)
    expect(it.held('a').map(({ job }) => job)).toEqual(['high', 'high'])
  })

  test('[L5] equal priorities share device time between submitters, whatever the number of their jobs', () => {
    const it = rig({}, 100)
    it.join('a', { known: true })
    for (let i = 0; i < 9; i++) it.submit(`many-${i}`, { taskCount: 5000, submitter: 'many' })
    it.submit('one', { taskCount: 5000, submitter: 'one' })
    const time = { many: 0, one: 0 }
    for (let i = 0; i < 200; i++) {
      it.ask('a', 1)
      for (const claims of it.held('a')) {
        const count = claims.to - claims.from
        it.pass(100 * count)
        it.give('a', claims)
        time[claims.job === 'one' ? 'one' : 'many'] += count
      }
    }
    expect(time.one / (time.one + time.many)).toBeGreaterThan(0.4)
    expect(time.one / (time.one + time.many)).toBeLessThan(0.6)
  })

  test('[L6] near the end a slow lease is lent again, and whoever is first decides', () => {
    const it = rig()
    it.join('slow', { known: true })
    it.join('fast', { known: true })
    it.submit('j', { taskCount: 60 })
    it.ask('slow', 1)
    const [stuck] = it.held('slow')
    if (!stuck) throw new Error('nothing was lent')
    it.work(['fast'])
    it.hear({ type: 'progressed', device: 'slow' as DeviceId, claims: stuck, task: stuck.from, share: 0.1 })
    it.pass(10_000)
    it.work(['fast'])
    expect(it.job('j')?.status).toBe('done')
    expect(it.give('slow', stuck)[0]?.verdict).toMatchObject({ type: 'rejected', reason: 'not-running' })
  })

  test('[L7] a job for the host alone stays there', () => {
    const it = rig()
    it.join('a', { known: true })
    it.submit('j', { devices: 'host' })
    it.ask('a', 2)
    expect(it.held('a')).toEqual([])
    expect(it.said('idle').at(-1)?.because).toContain('run on the host only')
    expect(it.job('j')?.waiting).toContain('host')
    it.join('h', { host: true })
    it.work(['h'])
    expect(it.job('j')?.status).toBe('done')
  })

  test('[L8] a paused job lends nothing, takes back what is out, keeps what is finished, and goes on', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 3 })
    it.ask('a', 2)
    const [claims] = it.held('a')
    it.hear({ type: 'jobPaused', job: 'j' as JobId })
    expect(it.held('a')).toEqual([])
    if (claims) expect(it.give('a', claims)[0]?.verdict).toEqual({ type: 'accepted' })
    it.ask('a', 2)
    expect(it.held('a')).toEqual([])
    expect(it.said('idle').at(-1)?.because).toContain('paused')
    it.hear({ type: 'jobResumed', job: 'j' as JobId })
    it.work(['a'])
    expect(it.job('j')?.status).toBe('done')
  })

  test('[L9] an idle device hears why, once per reason, and work as soon as there is some', () => {
    const it = rig()
    it.join('a')
    it.ask('a', 2)
    it.pass(5000)
    expect(it.said('idle').map(({ because }) => because)).toEqual([
      'Nothing to do right now: no job is waiting. New work starts here by itself.',
    ])
    it.submit('j')
    expect(it.held('a').length).toBe(2)
  })
})
