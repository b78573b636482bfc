import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { createBackoff } from '../../workers/session/link.ts'
import { createWorld, lease, settle, WELCOME } from './world.ts'

test('[D1] hello says who this is and lists every lease that is still on the way', async () => {
  const world = createWorld({ identity: { deviceToken: 'a'.repeat(20) }, poolKey: 'sesame' })
  await world.join()
  expect(world.wire().hello()).toMatchObject({
    protocol: PROTOCOL_VERSION,
    runtime: 'r1',
    threads: 2,
    name: 'Ada',
    poolKey: 'sesame',
  })
  expect(world.wire().hello().deviceToken).toBe('a'.repeat(20))
  await world.lend(lease('computing', 0, 10), lease('finished', 10, 20), lease('waiting', 20, 30))
  world.threads[1]!.compute()
  await settle()
  world.wire().breaks()
  await world.clock.pass(1000)
  world.wire().connected()
  // `finished` is computed, but its results are not acknowledged.
  expect(world.wire().hello().held.sort()).toEqual(['computing', 'finished', 'waiting'])
  expect(world.wire().hello().deviceToken).toBe(WELCOME.deviceToken)
})

test('[D2] every pause before a new attempt lies between 100 ms and four times the last, at most 30 s', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 0.999999, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (draws) => {
        let i = 0
        const backoff = createBackoff(() => draws[i++]!)
        let last = 100
        for (const _ of draws) {
          const ms = backoff.nextMs()
          expect(ms).toBeGreaterThanOrEqual(100)
          expect(ms).toBeLessThanOrEqual(Math.min(30_000, 4 * last))
          last = ms
        }
      },
    ),
  )
})

test('[D2] a pool that is away is tried for ever, and soon again after each welcome', async () => {
  const world = createWorld()
  world.session.start()
  for (let i = 0; i < 200; i++) {
    const attempts = world.wires.length
    world.wire().fails()
    await world.clock.pass(30_000)
    expect(world.wires.length).toBeGreaterThan(attempts)
  }
  expect(world.session.facts().link.type).toBe('reconnecting')
  while (!world.wire().isOpen()) await world.clock.pass(1000)
  world.wire().connected()
  world.wire().welcome()
  const attempts = world.wires.length
  world.wire().breaks()
  await world.clock.pass(400)
  expect(world.wires).toHaveLength(attempts + 1)
})

test('[D2] a pool that restarts within two minutes has its devices back within five seconds', async () => {
  for (const outageMs of [500, 3000, 20_000, 100_000]) {
    const world = createWorld()
    await world.join()
    world.wire().breaks()
    for (let ms = 0; ms < outageMs; ms += 100) {
      world.wire().fails()
      await world.clock.pass(100)
    }
    world.wire().fails()
    const attempts = world.wires.length
    await world.clock.pass(5000)
    expect(world.wires.length).toBeGreaterThan(attempts)
  }
})

test('[D2] a connection that never answers hello is given up for another', async () => {
  const world = createWorld()
  world.session.start()
  world.wire().connected()
  await world.clock.pass(20_000)
  expect(world.wires[0]!.isOpen()).toBe(false)
  expect(world.wires.length).toBeGreaterThan(1)
})

test('[D2] a refusal’s retry-after is respected', async () => {
  const world = createWorld()
  world.session.start()
  world.wire().connected()
  world
    .wire()
    .last('hello')![1]({ type: 'refused', reason: 'busy', message: 'The pool is starting.', retryAfterMs: 5000 })
  await world.clock.pass(4900)
  expect(world.wires).toHaveLength(1)
  expect(world.session.facts().link).toMatchObject({ type: 'reconnecting', why: 'The pool is starting.' })
  await world.clock.pass(1000)
  expect(world.wires).toHaveLength(2)
})

test('[D2] a hint from outside is tried at once', async () => {
  const world = createWorld()
  world.session.start()
  for (let i = 0; i < 20; i++) {
    world.wire().fails()
    await world.clock.pass(30_000)
  }
  const attempts = world.wires.length
  world.wire().fails()
  world.session.nudge()
  expect(world.wires).toHaveLength(attempts + 1)
})

test('[D6] leases that are no longer ours after a reconnect are dropped, the others go on', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('kept', 0, 10), lease('lost', 10, 20))
  const [kept, lost] = world.threads
  world.wire().breaks()
  await world.clock.pass(500)
  world.wire().connected()
  world.wire().welcome({ held: ['kept'] })
  lost!.compute()
  kept!.compute()
  await settle()
  expect(
    world
      .wire()
      .all('result')
      .map(([message]) => message.lease),
  ).toEqual(['kept'])
})

test('[D14] a replaced device stops and does not come back by itself', async () => {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 10))
  world.wire().say('replaced')
  await world.clock.pass(120_000)
  expect(world.wires).toHaveLength(1)
  expect(world.session.facts().phase.type).toBe('replaced')
  expect(world.threads.every(({ alive }) => !alive)).toBe(true)
  expect(world.clock.pending()).toBe(0)
})

test('[D15] a device that is removed or lacks the key ends with the pool’s words', async () => {
  for (const reason of ['removed', 'key'] as const) {
    const world = createWorld()
    world.session.start()
    world.wire().connected()
    world.wire().last('hello')![1]({ type: 'refused', reason, message: 'No.' })
    await world.clock.pass(120_000)
    expect(world.wires).toHaveLength(1)
    expect(world.session.facts().phase).toEqual({ type: 'refused', reason, message: 'No.' })
  }
})

test('[D15] a device of another version asks to be renewed and does not spin', async () => {
  const world = createWorld()
  world.session.start()
  world.wire().connected()
  world.wire().last('hello')![1]({ type: 'refused', reason: 'protocol', message: 'Reload.' })
  expect(world.events).toContainEqual({ type: 'outdated', text: 'Reload.' })
  await world.clock.pass(29_000)
  expect(world.wires).toHaveLength(1)
})

test('[D16] a device that slept says so and connects anew', async () => {
  const world = createWorld()
  await world.join()
  world.clock.sleep(4 * 60_000)
  await world.clock.pass(2000)
  expect(world.texts()).toEqual([
    'This browser tab was asleep for 4 minutes. Back at work; nothing you finished was lost.',
  ])
  expect(world.wires).toHaveLength(2)
})

test('[D23] a recovery code makes this device another volunteer’s, a wrong one changes nothing', async () => {
  const world = createWorld()
  await world.join()
  world.session.recover('code-of-somebody-else')
  await world.clock.pass(1000)
  world.wire().connected()
  expect(world.wire().hello().volunteerToken).toBe('code-of-somebody-else')
  // The same volunteer as before: the pool does not know the code.
  world.wire().welcome({ volunteerToken: 'code-of-somebody-else' })
  expect(world.session.facts().identity.volunteerToken).toBe(WELCOME.volunteerToken)
  world.session.recover('code-of-a-friend-1')
  await world.clock.pass(1000)
  world.wire().connected()
  const volunteer = { id: 'v2' as never, name: 'Ines', ownName: 'Ines' }
  world.wire().welcome({ volunteer, volunteerToken: 'code-of-a-friend-1' })
  expect(world.session.facts().identity.volunteerToken).toBe('code-of-a-friend-1')
  // With their name, not the one this device said.
  expect(world.session.facts().name).toBe('Ines')
})

const again = async (world: ReturnType<typeof createWorld>) => {
  world.wire().breaks()
  await world.clock.pass(1000)
  world.wire().connected()
}
const known = (ownName: string) => ({ volunteer: { ...WELCOME.volunteer, name: ownName, ownName } })

test('[D42] the name is the pool’s, but one that was typed meanwhile is newer', async () => {
  const world = createWorld()
  await world.join()
  // Before the hello as well as after it.
  world.wire().breaks()
  world.session.rename('Newer')
  await world.clock.pass(1000)
  world.wire().connected()
  world.wire().welcome()
  expect(world.session.facts().name).toBe('Newer')
  expect(world.wire().last('rename')).toEqual([{ name: 'Newer' }])
  // This one got lost with its connection: the pool still says the name before it.
  await again(world)
  world.wire().welcome()
  expect(world.wire().last('rename')).toEqual([{ name: 'Newer' }])
  // The pool has it: from now on what the pool says is newer, whoever typed it.
  await again(world)
  world.wire().welcome(known('Newer'))
  await again(world)
  world.wire().welcome(known('From the phone'))
  expect(world.session.facts().name).toBe('From the phone')
  expect(world.wire().all('rename')).toEqual([])
})

test('[D42] a name typed before a recovery code stays with the volunteer that is left; a wrong code changes nothing', async () => {
  const world = createWorld()
  await world.join()
  world.wire().breaks()
  world.session.rename('Typed')
  world.session.recover('code-of-somebody-else')
  await world.clock.pass(1000)
  world.wire().connected()
  world.wire().welcome()
  expect(world.wire().last('rename')).toEqual([{ name: 'Typed' }])
  await again(world)
  world.wire().welcome(known('Typed'))
  world.wire().breaks()
  world.session.rename('Typed again')
  world.session.recover('code-of-a-friend-1')
  await world.clock.pass(1000)
  world.wire().connected()
  world.wire().welcome({ volunteer: { id: 'v2' as never, name: 'Ines', ownName: 'Ines' } })
  expect(world.session.facts().name).toBe('Ines')
  expect(world.wire().all('rename')).toEqual([])
})
