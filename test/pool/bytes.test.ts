import { expect, test } from 'vitest'
import type { JobId } from '../../protocol/ids.ts'
import { type Rig, rig, type Says } from './rig.ts'

/** Whose result for task 0 of the job is kept with its bytes, and whose without. */
function kept(it: Rig): Record<string, boolean> {
  const results = it.coordinator.book.task('j' as JobId, 0)?.results ?? new Map()
  return Object.fromEntries([...results].map(([device, { bytes }]) => [device, bytes]))
}

/** The device says something of task 0; what else it is lent it keeps. */
function say(it: Rig, name: string, says: Says): void {
  it.ask(name, 2)
  const claims = it.held(name).find(({ from }) => from === 0)
  if (!claims) throw new Error(`${name} was not asked`)
  it.give(name, claims, 0, 1, says)
}

const join = (it: Rig, ...names: string[]) => {
  for (const name of names) it.join(name)
}

test('[T11] of differing opinions the first keeps its bytes; a result that decides brings its own', () => {
  const it = rig()
  join(it, 'a', 'b', 'c', 'd')
  it.submit('j', { trust: 'normal', taskCount: 2 })
  say(it, 'a', 'own')
  say(it, 'b', 'own')
  say(it, 'c', 'truth')
  expect(kept(it)).toEqual({ a: true, b: false, c: false })
  say(it, 'd', 'truth')
  expect(kept(it)).toEqual({ c: false, d: true })
  const decided = it.said('taskAccepted').at(-1)
  expect(decided).toMatchObject({ device: 'd', from: 0 })
  // Pictures draw the bytes that came with the result.
  expect(decided?.ref).not.toBeNull()
})

test('[T11] more voters for another output take the place of the first, and what agrees needs no bytes', () => {
  const it = rig()
  join(it, 'a', 'b', 'c')
  it.submit('j', { trust: 'strict', taskCount: 2 })
  say(it, 'a', 'own')
  say(it, 'b', 'truth')
  expect(kept(it)).toEqual({ a: true, b: false })
  say(it, 'c', 'truth')
  expect(kept(it)).toEqual({ a: false, b: false, c: true })
  it.restart()
  join(it, 'd', 'e')
  say(it, 'd', 'own')
  expect(kept(it)).toEqual({ a: false, b: false, c: true, d: false })
  say(it, 'e', 'truth')
  expect(kept(it)).toEqual({ b: false, c: true, e: false })
  expect(it.said('taskAccepted').at(-1)).toMatchObject({ device: 'c', from: 0 })
})

test('[T11] who doubts a decided task keeps no bytes; the third opinion that overrules it brings them', () => {
  const it = rig()
  it.join('a', { known: true })
  // Long enough that some task is audited: the first of those is asked of others.
  it.submit('j', { trust: 'normal', taskCount: 200 })
  it.work(['a'], () => 'own')
  for (const name of ['b', 'c']) it.join(name, { known: true })
  it.ask('b', 1)
  const [claims] = it.held('b')
  if (!claims) throw new Error('nothing is audited')
  const results = () => it.coordinator.book.task('j' as JobId, claims.from)?.results
  it.give('b', claims, claims.from, claims.from + 1)
  expect([results()?.get('a' as never)?.bytes, results()?.get('b' as never)?.bytes]).toEqual([true, false])
  it.ask('c', 1)
  const third = it.held('c').find(({ from, to }) => from <= claims.from && claims.from < to)
  if (!third) throw new Error('nobody is asked for a third opinion')
  it.give('c', third, claims.from, claims.from + 1)
  expect([...(results()?.keys() ?? [])]).toEqual(['b', 'c'])
  expect([results()?.get('b' as never)?.bytes, results()?.get('c' as never)?.bytes]).toEqual([false, true])
})

test('[T7] [T11] what is accepted unchecked is there; where its bytes went with a liar it is computed again', () => {
  const it = rig()
  it.join('a')
  it.submit('j', { trust: 'normal', taskCount: 2 })
  it.work(['a'], () => 'own')
  it.join('b')
  it.work(['b'])
  expect(kept(it)).toEqual({ a: true, b: false })
  it.join('host', { host: true })
  it.ask('host', 1)
  const [claims] = it.held('host')
  if (!claims) throw new Error('the host was not asked')
  // Of the other task b's opinion is left, and its bytes were never kept.
  it.give('host', claims, claims.to - 1, claims.to)
  it.leave('host', true)
  it.leave('a', true)
  expect(it.job('j')).toMatchObject({ status: 'running', tasksDone: 1 })
  it.hear({ type: 'jobAcceptedUnchecked', job: 'j' as JobId })
  expect(it.job('j')).toMatchObject({ status: 'running', tasksDone: 1, unchecked: 0 })
  it.work(['b'])
  expect(it.job('j')).toMatchObject({ status: 'done', tasksDone: 2, unchecked: 1, pendingCredit: 0 })
})
