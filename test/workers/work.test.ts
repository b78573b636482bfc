import { expect, test } from 'vitest'
import type { InputPlace } from '../../protocol/device.ts'
import { BRIEF, createWorld, lease, settle } from './world.ts'

test('[D3] a device asks for one lease more than it has threads', async () => {
  const world = createWorld({ power: { threads: 3, duty: 1 } })
  await world.join()
  expect(world.wire().all('ask')).toEqual([[{ leases: 4 }]])
  await world.lend(lease('a', 0, 10), lease('b', 10, 20))
  // The pool takes what it lent off the room it knows, so nothing needs to be said.
  expect(world.wire().all('ask')).toHaveLength(1)
  world.threads[0]!.compute()
  await settle()
  expect(world.wire().last('ask')).toEqual([{ leases: 3 }])
})

test('[D3] threads that rest half of the time take no lease in advance', async () => {
  const world = createWorld({ power: { threads: 3, duty: 0.5 } })
  await world.join()
  expect(world.wire().last('ask')).toEqual([{ leases: 3 }])
})

test('[D3] a device without work says again now and then that it has room', async () => {
  const world = createWorld()
  await world.join()
  await world.clock.pass(95_000)
  expect(world.wire().all('ask')).toEqual(Array.from({ length: 4 }, () => [{ leases: 3 }]))
  await world.lend(lease('a', 0, 10))
  for (let i = 0; i < 60; i++) {
    world.threads[0]!.report({ type: 'progress', task: 0, share: 0.1 })
    await world.clock.pass(1000)
  }
  expect(world.wire().all('ask')).toHaveLength(4)
})

test('[D4] results leave as they are reported, in one message each, with the time they took', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 5, 15))
  const [thread] = world.threads
  thread!.report({
    type: 'outputs',
    from: 5,
    bytes: Uint8Array.of(1, 2, 3),
    lengths: [1, 0, 2],
    computeMs: 120,
    tiles: [],
  })
  const message = world.wire().last('result')![0]
  expect(message).toMatchObject({ lease: 'a', from: 5, computeMs: 120 })
  expect(message.outputs.map((output) => [...output])).toEqual([[1], [], [2, 3]])
})

test('[D4] whatever is not acknowledged is sent again after a reconnect, and only that', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 4), lease('b', 4, 8))
  world.threads[0]!.compute()
  world.threads[1]!.compute()
  await settle()
  const [first] = world.wire().all('result')
  first![1]({ type: 'kept', runs: [{ from: 0, to: 4, verdict: { type: 'accepted' } }] })
  world.wire().breaks()
  await world.clock.pass(1000)
  world.wire().connected()
  world.wire().welcome()
  const order = world.wire().said.map(([name]) => name)
  expect(
    world
      .wire()
      .all('result')
      .map(([message]) => message.lease),
  ).toEqual(['b'])
  expect(order.indexOf('result')).toBeLessThan(order.indexOf('ask'))
  // An acknowledgement that comes twice counts once.
  world.wire().keepAll()
  world.wire().keepAll()
  expect(world.session.facts().tasksKept).toBe(8)
})

test('[D4] a busy pool gets the same again when it said', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 4))
  world.threads[0]!.compute()
  await settle()
  world.wire().last('result')![1]({ type: 'busy', retryAfterMs: 3000, message: 'The disk is full.' })
  await world.clock.pass(2900)
  expect(world.wire().all('result')).toHaveLength(1)
  await world.clock.pass(200)
  expect(world.wire().all('result')).toHaveLength(2)
})

test('[D4] a lost acknowledgement is not waited for for ever', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 4))
  world.threads[0]!.compute()
  await world.clock.pass(32_000)
  expect(world.wire().all('result').length).toBeGreaterThan(1)
})

test('[D5] too much unacknowledged work stops computing until it is acknowledged', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  await world.lend(lease('a', 0, 500))
  const [thread] = world.threads
  const megabyte = new Uint8Array(1024 * 1024)
  for (let task = 0; task < 30; task++) {
    const before = thread!.stretches.length
    thread!.report({
      type: 'outputs',
      from: task,
      bytes: megabyte,
      lengths: [megabyte.length],
      computeMs: 100,
      tiles: [],
    })
    thread!.end({ type: 'ran', next: task + 1, computeMs: 100 })
    await settle()
    if (thread!.stretches.length === before) break
  }
  expect(thread!.stretches.length).toBeLessThan(30)
  await world.clock.pass(1000)
  expect(world.wire().last('ask')).toEqual([{ leases: 0 }])
  // Not more under way than the pool takes in at once.
  expect(world.wire().all('result').length).toBeLessThanOrEqual(16)
  const stopped = thread!.stretches.length
  world.wire().keepAll()
  world.wire().keepAll()
  await settle()
  expect(thread!.stretches.length).toBe(stopped + 1)
})

test('[D11] a kernel that throws is reported with its task and words; the next lease is computed', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  await world.lend(lease('a', 0, 10), lease('b', 10, 20))
  world.threads[0]!.end({ type: 'threw', task: 3, computeMs: 10, message: 'out of range' })
  await settle()
  expect(world.wire().all('failed')).toEqual([[{ lease: 'a', task: 3, message: 'out of range' }]])
  expect(world.threads[0]!.stretches.at(-1)).toMatchObject({ lease: 'b', from: 10 })
})

test('[D11] a thread whose script cannot be loaded blames no task and tries again later', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  world.unspawnable('Worker is not defined')
  await world.join()
  await world.lend(lease('a', 0, 10))
  expect(world.wire().all('failed')).toEqual([])
  expect(world.wire().all('handBack')).toEqual([[{ lease: 'a', from: 0 }]])
  expect(world.wire().last('ask')).toEqual([{ leases: 0 }])
  world.unspawnable(undefined)
  await world.clock.pass(1000)
  expect(world.wire().last('ask')).toEqual([{ leases: 2 }])
})

test('[D11] a thread that dies is reported on the task it was on and replaced', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  await world.lend(lease('a', 0, 10), lease('b', 10, 20))
  world.threads[0]!.report({ type: 'progress', task: 4, share: 0.2 })
  world.threads[0]!.die('The worker stopped: out of memory.')
  await world.clock.pass(1000)
  expect(world.wire().last('failed')).toEqual([{ lease: 'a', task: 4, message: 'The worker stopped: out of memory.' }])
  expect(world.threads).toHaveLength(2)
  expect(world.threads[0]!.alive).toBe(false)
  expect(world.threads[1]!.stretches[0]).toMatchObject({ lease: 'b' })
})

test('[D11] a kernel that says nothing for a minute is ended and reported', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  await world.lend(lease('a', 0, 10))
  for (let i = 0; i < 5; i++) {
    await world.clock.pass(50_000)
    world.threads[0]!.report({ type: 'progress', task: 0, share: i / 5 })
  }
  expect(world.threads[0]!.alive).toBe(true)
  await world.clock.pass(61_000)
  expect(world.threads[0]!.alive).toBe(false)
  expect(world.wire().last('failed')?.[0]).toMatchObject({ lease: 'a', task: 0 })
})

test('[D11] a kernel that cannot be loaded gives its lease back and blames no task', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  world.wire().say('lend', { leases: [], jobs: [] })
  await world.lend(lease('a', 0, 10))
  const [thread] = world.threads
  thread!.end({ type: 'unprepared' })
  await settle()
  // Prepared once already, so forgetting it again means that it cannot be used.
  thread!.end({ type: 'unprepared' })
  await settle()
  expect(world.wire().all('failed')).toEqual([])
  expect(world.wire().all('handBack')).toEqual([[{ lease: 'a', from: 0 }]])
  expect(thread!.alive).toBe(false)
})

test('[D12] a released lease is dropped; its task may end within a second, then its thread is ended', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  await world.join()
  await world.lend(lease('a', 0, 10), lease('b', 10, 20))
  world.wire().say('release', { lease: 'a', reason: 'The job ended.' })
  await world.clock.pass(500)
  expect(world.threads[0]!.alive).toBe(true)
  await world.clock.pass(500)
  expect(world.threads[0]!.alive).toBe(false)
  expect(world.threads[1]!.stretches[0]).toMatchObject({ lease: 'b' })
  expect(world.wire().all('result')).toEqual([])
  expect(world.wire().all('handBack')).toEqual([])
})

test('[D13] every lease on a thread reports progress each second', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 10), lease('b', 10, 20), lease('c', 20, 30))
  world.threads[0]!.report({ type: 'progress', task: 2, share: 0.5 })
  await world.clock.pass(3000)
  const progress = world
    .wire()
    .all('progress')
    .map(([message]) => message)
  expect(progress.filter(({ lease: token }) => token === 'a')).toHaveLength(3)
  expect(progress[0]).toEqual({ lease: 'a', task: 2, share: 0.5 })
  expect(progress.some(({ lease: token }) => token === 'c')).toBe(false)
})

test('[D18] a shared input is fetched once per device and given to every thread', async () => {
  const world = createWorld()
  let fetched = 0
  world.inputs.set('/input', async () => {
    fetched++
    return Uint8Array.of(1, 2, 3)
  })
  await world.join()
  const job = { ...BRIEF, sharedInput: { url: '/input', key: 'h', bytes: 3 } }
  world.wire().say('lend', { leases: [lease('a', 0, 10), lease('b', 10, 20)], jobs: [job] })
  await settle()
  expect(fetched).toBe(1)
  expect(world.threads.map(({ prepared }) => [...prepared[0]!.sharedInput!])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ])
})

test('[D18] while an input travels, threads start and get the kernel', async () => {
  const world = createWorld()
  let arrive = (_: Uint8Array<ArrayBuffer>) => {}
  world.inputs.set('/input', () => new Promise((resolve) => (arrive = resolve)))
  await world.join()
  const job = { ...BRIEF, sharedInput: { url: '/input', key: 'h', bytes: 3 } }
  world.wire().say('lend', { leases: [lease('a', 0, 10)], jobs: [job] })
  await settle()
  const { hash: kernelHash, url: kernelUrl } = BRIEF.kernel
  expect(world.threads.map(({ loaded, prepared }) => [loaded, prepared])).toEqual([
    [[{ kernelUrl, kernelHash }], []],
    [[{ kernelUrl, kernelHash }], []],
  ])
  arrive(Uint8Array.of(1, 2, 3))
  await settle()
  expect(world.threads.map(({ stretches }) => stretches.length)).toEqual([1, 0])
})

test('[K31] an input that can be read here is not fetched; one that cannot is', async () => {
  const disk = {
    has: async ({ identity }: InputPlace) => identity === 'mine',
    read: async ({ path }: InputPlace, start: number, bytes: number) =>
      new TextEncoder().encode(path.slice(start, start + bytes)),
  }
  const world = createWorld({ power: { threads: 1, duty: 1 } }, disk)
  world.inputs.set('/slices', async () => Uint8Array.of(1, 2, 3))
  await world.join()
  const place = { path: '/data/text', starts: [5, 9] }
  const job = {
    ...BRIEF,
    sharedInput: { url: '/nothing', key: 'h', bytes: 2, place: { path: 'xab', identity: 'mine', start: 1 } },
  }
  const slicedInput = { url: '/slices', lengths: [1, 2] }
  world.wire().say('lend', {
    leases: [
      lease('a', 0, 2, { slicedInput: { ...slicedInput, place: { ...place, identity: 'mine' } } }),
      lease('b', 2, 4, { slicedInput: { ...slicedInput, place: { ...place, identity: 'other' } } }),
    ],
    jobs: [job],
  })
  await settle()
  const [thread] = world.threads
  expect(thread!.inputs).toEqual([{ type: 'file', from: 0, path: '/data/text', starts: [5, 9], lengths: [1, 2] }])
  expect([...thread!.prepared[0]!.sharedInput!]).toEqual([97, 98])
  thread!.compute()
  await settle()
  expect(thread!.inputs[1]).toMatchObject({ type: 'bytes', from: 2, bytes: Uint8Array.of(1, 2, 3) })
})

test('[D18] slices of a lease go to its thread once; one that cannot be had gives the lease back', async () => {
  const world = createWorld({ power: { threads: 1, duty: 1 } })
  world.inputs.set('/slices', async () => Uint8Array.of(1, 2, 3))
  await world.join()
  await world.lend(
    lease('a', 0, 2, { slicedInput: { url: '/slices', lengths: [1, 2] } }),
    lease('gone', 2, 4, { slicedInput: { url: '/nothing', lengths: [1, 1] } }),
  )
  const [thread] = world.threads
  expect(thread!.inputs).toMatchObject([{ from: 0, lengths: [1, 2] }])
  thread!.compute(1)
  await settle()
  expect(thread!.stretches).toHaveLength(2)
  expect(thread!.inputs).toHaveLength(1)
  await world.clock.pass(60_000)
  expect(world.wire().all('handBack')).toEqual([[{ lease: 'gone', from: 2 }]])
})
