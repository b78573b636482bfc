import { describe, expect, test } from 'vitest'
import type { DeviceId, JobId, LeaseId } from '../../protocol/ids.ts'
import { rig } from './rig.ts'

function lent(it: ReturnType<typeof rig>, name: string) {
  it.ask(name, 1)
  const [claims] = it.held(name)
  if (!claims) throw new Error('nothing was lent')
  return claims
}

describe('promises', () => {
  test('[P3] a result counts once, whatever is resent', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 2 })
    const claims = lent(it, 'a')
    it.give('a', claims)
    const credit = it.job('j')?.credit
    expect(it.give('a', claims)[0]?.verdict).toMatchObject({ type: 'rejected', reason: 'duplicate' })
    expect(it.give('a', claims, claims.from, claims.to, 'own')[0]?.verdict).toMatchObject({
      type: 'rejected',
      reason: 'duplicate',
    })
    expect(it.job('j')).toMatchObject({ credit, tasksDone: 1 })
  })

  test("[P3] another device's lease, tasks outside it and jobs that are gone change nothing", () => {
    const it = rig()
    it.join('a')
    it.join('b')
    it.submit('j', { taskCount: 50 })
    const claims = lent(it, 'a')
    const reasons = [
      it.give('b', claims),
      it.give('a', { ...claims, to: 40 }, 30, 60),
      it.give('a', { ...claims, job: 'gone' as JobId }),
      it.give('stranger', { ...claims, device: 'stranger' as DeviceId }),
    ].map(([run]) => (run?.verdict.type === 'rejected' ? run.verdict.reason : run?.verdict.type))
    expect(reasons).toEqual(['unknown-lease', 'unknown-lease', 'unknown-lease', 'unknown-lease'])
    expect(it.job('j')?.tasksDone).toBe(0)
  })

  test('[P3] a result of another kernel is outdated and harms nobody', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 1 })
    const claims = lent(it, 'a')
    expect(it.give('a', { ...claims, kernelHash: 'old' }, 0, 1, 'own')[0]?.verdict).toMatchObject({
      type: 'rejected',
      reason: 'outdated',
    })
    const reputation = it.coordinator.pool().device('a' as DeviceId)?.reputation
    expect(reputation).toMatchObject({ disagreements: 0, failuresInRow: 0 })
  })

  test('[P3] late and agreeing is paid while the job runs; late and different is not', () => {
    for (const says of ['truth', 'own'] as const) {
      const it = rig()
      it.join('a')
      it.join('b')
      it.submit('j', { taskCount: 2 })
      const late = lent(it, 'a')
      it.pass(20_000)
      it.ask('b', 1)
      for (const claims of it.held('b')) it.give('b', claims)
      const before = it.job('j')?.credit ?? 0
      const verdict = it.give('a', late, late.from, late.to, says)[0]?.verdict
      expect(verdict).toEqual({ type: 'late', agreed: says === 'truth' })
      expect((it.job('j')?.credit ?? 0) > before).toBe(says === 'truth')
      expect(it.give('a', late)[0]?.verdict.type).toBe(says === 'truth' ? 'rejected' : 'late')
    }
  })

  test('[P1] after a restart a device that lists its leases goes on where it was', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 3 })
    const claims = lent(it, 'a')
    it.restart()
    it.join('a', { held: [claims] })
    expect(it.said('release')).toEqual([])
    it.join('b', { known: true })
    it.ask('b', 2)
    for (const other of it.held('b')) expect(other.from >= claims.to || other.to <= claims.from).toBe(true)
    expect(it.give('a', claims)[0]?.verdict).toEqual({ type: 'accepted' })
  })

  test('[P1] a lease whose tasks went to others meanwhile is released, and its results are still welcome', () => {
    const it = rig()
    it.join('a')
    it.submit('j', { taskCount: 1 })
    const claims = lent(it, 'a')
    it.restart()
    it.join('b')
    it.ask('b', 1)
    it.join('a', { held: [claims] })
    expect(it.said('release')).toMatchObject([{ device: 'a' }])
    expect(it.give('a', claims)[0]?.verdict).toEqual({ type: 'accepted' })
    expect(it.job('j')?.status).toBe('done')
  })

  test('[P1] leases of two runs never have the same name', () => {
    const it = rig()
    const names = new Set<LeaseId>()
    it.submit('j', { taskCount: 50 })
    for (let run = 0; run < 4; run++) {
      it.join('a')
      it.ask('a', 2)
      for (const { lease } of it.held('a')) names.add(lease)
      it.restart()
    }
    expect(names.size).toBe(8)
  })

  test('[P1] whatever happened, replaying what was saved gives the same progress', () => {
    const it = rig({}, 5)
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names) it.join(name)
    it.submit('n', { trust: 'normal', taskCount: 300 })
    it.submit('s', { trust: 'strict', taskCount: 100 })
    for (let round = 0; round < 40; round++) {
      for (const name of names) {
        it.ask(name, 2)
        for (const claims of it.held(name))
          it.give(name, claims, claims.from, claims.to, name === 'a' && round % 3 === 0 ? 'own' : 'truth')
      }
      it.pass(1000)
      const before = it.coordinator.pool().jobs()
      it.restart()
      const after = it.coordinator.pool().jobs()
      for (const [at, job] of before.entries()) {
        const { tasksDone, credit, pendingCredit, unchecked, status } = job
        expect(after[at]).toMatchObject({ tasksDone, credit, pendingCredit, unchecked, status })
      }
      for (const name of names) it.join(name)
    }
    expect(it.job('n')?.status).not.toBe('failed')
  })

  test('[P2] cancelling, failing and deleting end a job at once and tell whoever works on it', () => {
    for (const type of ['jobCancelled', 'jobDeleted'] as const) {
      const it = rig()
      it.join('a')
      it.submit('j')
      lent(it, 'a')
      it.hear({ type, job: 'j' as JobId })
      expect(it.held('a')).toEqual([])
      expect(it.said('jobChanged').at(-1)?.job.status).toBe('cancelled')
      expect(it.job('j') === undefined).toBe(type === 'jobDeleted')
    }
    const it = rig()
    it.submit('j')
    it.hear({ type: 'jobFailed', job: 'j' as JobId, error: 'The input file was deleted.' })
    expect(it.job('j')).toMatchObject({ status: 'failed', error: 'The input file was deleted.' })
  })

  test('[P6] same seed, same events: same effects', () => {
    const play = () => {
      const it = rig()
      for (const name of ['a', 'b', 'c']) it.join(name)
      it.submit('j', { trust: 'normal', taskCount: 60 })
      it.work(['a', 'b', 'c'])
      return JSON.stringify(it.effects)
    }
    expect(play()).toBe(play())
  })
})
