import { describe, expect, test } from 'vitest'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { rig, type Says } from './rig.ts'

const names = (count: number, prefix = 'd') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

function checked(it: ReturnType<typeof rig>, name: string): number {
  return it.coordinator.pool().device(name as DeviceId)?.reputation.checkedLeases ?? -1
}

describe('trust', () => {
  test('[T1] fast takes the first result of anybody', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { trust: 'fast' })
    it.work(['a'], () => 'own')
    expect(it.job('j')).toMatchObject({ status: 'done', tasksDone: 10, overhead: { measured: 0 } })
  })

  test("[T2] [C3] a newcomer's results wait for another volunteer, pending apart, and count when that one agrees", () => {
    const it = rig()
    it.join('a')
    it.submit('j', { trust: 'normal', taskCount: 1 })
    it.ask('a', 2)
    const [claims] = it.held('a')
    if (!claims) throw new Error('nothing was lent')
    expect(it.give('a', claims)[0]?.verdict).toEqual({ type: 'pending' })
    expect(it.job('j')).toMatchObject({ tasksDone: 0, status: 'running' })
    const pending = it.job('j')?.pendingCredit ?? 0
    expect(pending).toBeGreaterThan(0)
    expect(it.job('j')?.credit).toBe(0)
    expect(it.coordinator.pool().device('a' as DeviceId)?.pendingCredit).toBe(pending)
    it.join('b')
    it.ask('b', 1)
    const [check] = it.held('b')
    if (!check) throw new Error('nothing was lent')
    expect(it.give('b', check)[0]?.verdict).toEqual({ type: 'accepted' })
    expect(it.job('j')).toMatchObject({ tasksDone: 1, status: 'done', pendingCredit: 0 })
    // Both are paid the price that was pending for one.
    expect(it.job('j')?.credit).toBe(2 * pending)
  })

  test('[T2] two checked leases make a device known, and what waited then counts', () => {
    const it = rig()
    const all = names(3)
    for (const name of all) it.join(name)
    it.submit('j', { trust: 'normal', taskCount: 200 })
    it.work(all)
    expect(it.job('j')).toMatchObject({ status: 'done', tasksDone: 200 })
    for (const name of all) expect(checked(it, name)).toBe(2)
    it.submit('k', { trust: 'normal', taskCount: 300 })
    it.work(all)
    expect(it.job('k')?.status).toBe('done')
    expect(it.job('k')?.overhead.measured).toBeLessThan(0.1)
  })

  test("[T2] a volunteer's other device is no second opinion", () => {
    const it = rig()
    it.join('phone', { volunteer: 'ada' })
    it.join('laptop', { volunteer: 'ada' })
    it.submit('j', { trust: 'normal', taskCount: 5 })
    it.work(['phone', 'laptop'])
    expect(it.job('j')?.status).toBe('running')
  })

  test('[T2] another network is preferred while there is one', () => {
    const it = rig()
    it.join('a', { network: 'home' })
    it.submit('j', { trust: 'normal', taskCount: 1 })
    it.ask('a', 1)
    it.join('b', { network: 'home' })
    it.join('c', { network: 'away' })
    it.ask('b', 1)
    for (const claims of it.held('a')) it.give('a', claims)
    expect(it.held('b')).toEqual([])
    it.ask('c', 1)
    expect(it.held('c').length).toBe(1)
    it.leave('c')
    expect(it.held('b').length).toBe(1)
  })

  test('[T4] every task drawn for an audit is computed by two volunteers before the job is done', () => {
    const it = rig({}, 10)
    const all = names(3)
    for (const name of all) it.join(name, { known: true })
    it.submit('j', { trust: 'normal', taskCount: 1500 })
    it.work(all)
    const job = it.job('j')
    expect(job?.status).toBe('done')
    expect(job?.overhead.measured).toBeGreaterThan(0.02)
    expect(job?.overhead.measured).toBeLessThan(0.06)
  })

  test('[T5] a disagreement is settled by a third opinion; the loser is a newcomer again and pays back', () => {
    const it = rig()
    const all = names(3)
    for (const name of all) it.join(name, { known: true })
    it.submit('j', { trust: 'normal', taskCount: 400 })
    it.work(all, (name): Says => (name === 'd0' ? 'own' : 'truth'))
    expect(it.job('j')?.status).toBe('done')
    expect(it.coordinator.pool().device('d0' as DeviceId)?.reputation.disagreements).toBeGreaterThan(0)
    expect(checked(it, 'd0')).toBe(0)
    expect(it.said('taskRevoked').length).toBeGreaterThan(0)
  })

  test('[T5] nothing that rests only on a caught device stands when the job is done', () => {
    const it = rig()
    const all = names(4)
    for (const name of all) it.join(name, { known: true })
    it.submit('j', { trust: 'normal', taskCount: 300 })
    const accepted = new Map<number, string>()
    it.work(all, (name): Says => (name === 'd0' ? 'own' : 'truth'))
    for (const effect of it.effects) {
      if (effect.type === 'taskAccepted')
        for (let task = effect.from; task < effect.to; task++) accepted.set(task, effect.device)
      if (effect.type === 'taskRevoked') for (let task = effect.from; task < effect.to; task++) accepted.delete(task)
    }
    expect(it.job('j')?.status).toBe('done')
    expect([...accepted.values()].filter((name) => name === 'd0')).toEqual([])
    expect(accepted.size).toBe(300)
  })

  test('[T5] [C1] what another device of the same volunteer agreed with falls with the word it rested on', () => {
    const it = rig()
    for (const name of ['phone', 'laptop']) it.join(name, { volunteer: 'ada', known: true })
    it.submit('j', { trust: 'normal', taskCount: 3 })
    it.ask('laptop', 1)
    const [late] = it.held('laptop')
    if (!late) throw new Error('nothing was lent')
    it.pass(30_000)
    it.ask('phone', 1)
    for (const claims of it.held('phone')) it.give('phone', claims, claims.from, claims.to, 'shared')
    expect(it.give('laptop', late, late.from, late.to, 'shared')[0]?.verdict).toEqual({ type: 'late', agreed: true })
    expect(it.job('j')?.credit).toBeGreaterThan(0)
    // The phone is caught in another job.
    it.submit('k', { trust: 'strict', taskCount: 1, priority: 9 })
    it.ask('phone', 1)
    for (const claims of it.held('phone')) it.give('phone', claims, claims.from, claims.to, 'own')
    it.join('host', { host: true })
    it.ask('host', 1)
    for (const claims of it.held('host')) it.give('host', claims)
    expect(it.job('k')?.status).toBe('done')
    expect(it.job('j')?.credit).toBe(0)
    it.work(['host'])
    expect(it.job('j')).toMatchObject({ status: 'done', tasksDone: 3 })
  })

  test("[T6] the host's word is certain: no checks, no waiting, and it overrules", () => {
    const it = rig()
    it.join('host', { host: true, threads: 2 })
    it.submit('j', { trust: 'strict', taskCount: 50 })
    it.work(['host'])
    expect(it.job('j')).toMatchObject({ status: 'done', overhead: { measured: 0 } })
    it.ask('host', 0)
    it.join('a')
    it.submit('k', { trust: 'normal', taskCount: 1 })
    it.ask('a', 1)
    for (const claims of it.held('a')) it.give('a', claims, claims.from, claims.to, 'own')
    it.ask('host', 1)
    for (const claims of it.held('host')) expect(it.give('host', claims)[0]?.verdict).toEqual({ type: 'accepted' })
    expect(it.job('k')?.status).toBe('done')
    expect(it.coordinator.pool().device('a' as DeviceId)?.reputation.disagreements).toBe(1)
  })

  test('[T3] strict needs three volunteers who agree; two who lie alike do not win against three honest ones', () => {
    const it = rig()
    const all = names(6)
    for (const name of all) it.join(name, { known: true })
    it.submit('j', { trust: 'strict', taskCount: 60 })
    it.work(all, (name): Says => (name === 'd0' || name === 'd1' ? 'shared' : 'truth'))
    expect(it.job('j')?.status).toBe('done')
    expect(it.said('taskAccepted').some(({ device }) => device === 'd0' || device === 'd1')).toBe(false)
  })

  test('[T7] where nobody independent is here the job says so and offers to wait or to accept unchecked', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { trust: 'normal', taskCount: 5 })
    it.work(['a'])
    expect(it.job('j')).toMatchObject({ status: 'running', tasksDone: 0 })
    expect(it.job('j')?.waiting).toContain('accept what is there unchecked')
    it.hear({ type: 'jobAcceptedUnchecked', job: 'j' as JobId })
    expect(it.job('j')).toMatchObject({ status: 'done', unchecked: 5, pendingCredit: 0, waiting: null })
  })

  test('[T7] once the admin accepts unchecked, the rest of the job needs no second click', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { trust: 'normal', taskCount: 5 })
    it.ask('a', 1)
    for (const claims of it.held('a')) it.give('a', claims)
    it.hear({ type: 'jobAcceptedUnchecked', job: 'j' as JobId })
    it.work(['a'])
    expect(it.job('j')?.status).toBe('done')
  })

  test('[T9] whoever is caught loses the leases it holds at once, and does not get them back by asking', () => {
    const it = rig()
    it.join('liar', { threads: 3, known: true })
    it.join('host', { host: true })
    it.submit('j', { trust: 'strict', taskCount: 400 })
    it.ask('liar', 4)
    const [first, ...held] = it.held('liar')
    if (!first) throw new Error('nothing was lent')
    it.pass(1000)
    it.give('liar', first, first.from, first.to, 'own')
    expect(it.held('liar').length).toBe(3)
    const disagreements = () => it.coordinator.pool().device('liar' as DeviceId)?.reputation.disagreements
    for (let i = 0; i < 400 && disagreements() === 0; i++) {
      it.ask('host', 1)
      for (const claims of it.held('host')) it.give('host', claims)
    }
    expect(disagreements()).toBe(1)
    expect(it.held('liar')).toEqual([])
    expect(it.said('release').length).toBe(held.length)
    for (const claims of held)
      it.hear({ type: 'progressed', device: 'liar' as DeviceId, claims, task: claims.from, share: 0.9 })
    expect(it.coordinator.pool().device('liar' as DeviceId)?.leases).toBe(0)
  })

  test('[T8] five proven lies in a row pause a device, with a message', () => {
    const it = rig()
    it.join('liar')
    it.join('host', { host: true })
    it.submit('j', { trust: 'strict', taskCount: 40 })
    for (let i = 0; i < 8; i++) {
      it.ask('liar', 1)
      for (const claims of it.held('liar')) it.give('liar', claims, claims.from, claims.to, 'own')
      it.ask('host', 1)
      for (const claims of it.held('host')) it.give('host', claims)
      it.pass(1000)
    }
    expect(it.said('devicePaused').at(-1)).toMatchObject({ device: 'liar', paused: true })
    expect(it.said('devicePaused').at(-1)?.because).toContain('5 failures in a row')
  })
})
