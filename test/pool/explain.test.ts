import { describe, expect, test } from 'vitest'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { rig } from './rig.ts'

describe('explain', () => {
  test('[P7] says why a job, a task and a device are as they are, and what happened', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { trust: 'normal', taskCount: 2 })
    const pool = it.coordinator.pool()
    expect(pool.explain({ job: 'j' as JobId })?.because[0]).toBe('It is queued and starts with the next free device.')
    it.work(['a'])
    const job = pool.explain({ job: 'j' as JobId })
    expect(job?.because[1]).toContain('newcomers are checked entirely at first')
    expect(job?.because.join(' ')).toContain('nobody independent is here')
    expect(job?.because.at(-1)).toContain("since the coordinator's start at 2026-11-21T23:00:00.000Z")
    const task = pool.explain({ job: 'j' as JobId, task: 1 })
    expect(task?.because[0]).toBe('Results are in, but not enough of them agree yet.')
    expect(task?.events.map(({ what }) => what)).toContain('Task 1 lent to device a.')
    const device = pool.explain({ device: 'a' as DeviceId })
    expect(device?.because.join(' ')).toContain('It is new here')
    expect(device?.because[0]).toContain('second opinion')
    expect(device?.events.length).toBeGreaterThan(0)
  })

  test('[P7] knows nothing of what is not there', () => {
    const it = rig()
    it.submit('j', { taskCount: 2 })
    const pool = it.coordinator.pool()
    expect(pool.explain({ job: 'k' as JobId })).toBeUndefined()
    expect(pool.explain({ device: 'k' as DeviceId })).toBeUndefined()
    for (const task of [-1, 2, 0.5]) expect(pool.explain({ job: 'j' as JobId, task })).toBeUndefined()
  })

  test('[P8] stories stay short however long the pool runs', () => {
    const it = rig({}, 50)
    it.join('a')
    it.submit('j', { taskCount: 3000 })
    for (let i = 0; i < 500; i++) {
      it.ask('a', 1)
      for (const claims of it.held('a')) {
        it.hear({ type: 'leaseHandedBack', device: 'a' as DeviceId, claims, from: claims.from })
        it.hear({ type: 'deviceLeft', device: 'a' as DeviceId, goodbye: true })
        it.join('a')
      }
    }
    expect(it.coordinator.pool().explain({ job: 'j' as JobId })?.events.length).toBe(200)
    expect(it.coordinator.pool().explain({ device: 'a' as DeviceId })?.events.length).toBe(32)
  })
})
