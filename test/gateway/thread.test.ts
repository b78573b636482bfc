import { afterAll, beforeAll, expect, test } from 'vitest'
import { move, openThread, type Thread } from '../../coordinator/thread.ts'
import { bundle } from '../store/bundle.ts'
import { type methods, Refused } from './thread-methods.ts'

let thread: Thread<typeof methods>

beforeAll(async () => {
  thread = openThread(await bundle('test/gateway/thread-methods.ts'), { name: 'test', errors: [Refused] })
})
afterAll(() => thread.close())

async function* count(to: number, seen?: { at: number; left: boolean }) {
  try {
    for (let i = 0; i < to; i++) {
      if (seen) seen.at = i
      yield i
    }
  } finally {
    if (seen) seen.left = true
  }
}

test('[G100] a call of a thread answers with what its method answers, or rejects with what it throws, of the same class', async () => {
  expect(await thread.call.add(2, 3)).toBe(5)
  expect(await thread.call.later('x')).toBe('x')
  const refused = await thread.call.refuse('no room').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect(refused).toMatchObject({ message: 'Refused: no room', reason: 'no room' })
  await expect(thread.call.untellable()).rejects.toThrow('odd')
  const uncloneable = (() => 1) as unknown as number
  await expect(thread.call.add(uncloneable, 3)).rejects.toThrow(/could not be cloned/)
  expect(thread.waiting).toBe(0)
})

test('[G100] streams go both ways, no further ahead of their reader than a few parts', async () => {
  async function* parts() {
    // Views of one buffer: what is sent must not drag the rest along.
    const all = new Uint8Array(1000).fill(1)
    for (let at = 0; at < 1000; at += 10) yield all.subarray(at, at + 10)
  }
  expect(await thread.call.sum(parts())).toBe(1000)
  const seen = { at: -1, left: false }
  const doubled = await thread.call.double(count(1000, seen))
  const got: number[] = []
  for await (const part of doubled) {
    got.push(part)
    if (got.length === 3) break
  }
  expect(got).toEqual([0, 2, 4])
  await expect.poll(() => seen.left).toBe(true)
  expect(seen.at).toBeLessThan(40)
})

test('[G100] a stream that is left or never read ends at its other end, and its own errors are kept', async () => {
  for (const method of ['first', 'ignore'] as const) {
    const seen = { at: -1, left: false }
    expect(await thread.call[method](count(1000, seen))).toBe(method === 'first' ? 0 : 'not read')
    await expect.poll(() => seen.left).toBe(true)
    expect(seen.at).toBeLessThan(20)
  }
  const mine = new Error('The line broke.')
  async function* broken() {
    yield new Uint8Array(1)
    throw mine
  }
  await expect(thread.call.sum(broken())).rejects.toBe(mine)
  const breaks = await thread.call.breaks()
  await expect(breaks.next()).resolves.toMatchObject({ value: 1 })
  await expect(breaks.next()).rejects.toBeInstanceOf(Refused)
})

test('[G100] what is moved is not copied', async () => {
  expect(await thread.call.bytes(1 << 20)).toHaveLength(1 << 20)
  const mine = new Uint8Array(100)
  expect(await thread.call.moved(move(mine, [mine.buffer]))).toBe(100)
  expect(mine).toHaveLength(0)
})

test('[G100] when a thread dies, its calls and streams end with an error and the next call starts it again', async () => {
  const stream = await thread.call.double(
    (async function* () {
      yield 1
      await new Promise(() => {})
    })(),
  )
  expect(await stream.next()).toMatchObject({ value: 2 })
  const hanging = thread.call.hang()
  const ended = [
    expect(hanging).rejects.toThrow(/thread ended/),
    expect(thread.call.die()).rejects.toThrow(/thread ended/),
    expect(stream.next()).rejects.toThrow(/ended before its last part/),
  ]
  await Promise.all(ended)
  expect(thread.running).toBe(false)
  expect(thread.waiting).toBe(0)
  expect(await thread.call.add(1, 1)).toBe(2)
})
