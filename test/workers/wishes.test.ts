import { expect, test } from 'vitest'
import { createBatteryGuard, createHeatGuard, possible } from '../../workers/session/device.ts'
import { createWorld, lease, settle, type World } from './world.ts'

async function busyWorld(): Promise<World> {
  const world = createWorld()
  await world.join()
  await world.lend(lease('a', 0, 10), lease('b', 10, 20), lease('c', 20, 30))
  return world
}

const stateOf = (world: World) => world.wire().last('state')![0]

test('[D7] Pause gives back at once what no thread is on, and starts nothing new', async () => {
  const world = await busyWorld()
  world.session.pause()
  expect(stateOf(world).state).toBe('paused')
  expect(world.wire().all('handBack')).toEqual([[{ lease: 'c', from: 20 }]])
  world.threads[0]!.compute(3)
  await settle()
  // What was finished is sent, the rest goes back.
  expect(world.wire().last('result')![0]).toMatchObject({ lease: 'a', from: 0 })
  expect(world.wire().last('handBack')).toEqual([{ lease: 'a', from: 3 }])
  expect(world.threads[0]!.stretches).toHaveLength(1)
  expect(world.session.facts().phase).toMatchObject({ type: 'paused', by: 'you' })
})

test('[D7] within a second of Pause no thread computes, however long its task', async () => {
  const world = await busyWorld()
  world.session.pause()
  await world.clock.pass(1000)
  expect(world.threads.every(({ alive }) => !alive)).toBe(true)
  expect(
    world
      .wire()
      .all('handBack')
      .map(([{ lease: token }]) => token)
      .sort(),
  ).toEqual(['a', 'b', 'c'])
})

test('[D7] Resume takes work again', async () => {
  const world = await busyWorld()
  world.session.pause()
  await world.clock.pass(1000)
  world.session.resume()
  expect(world.wire().last('ask')).toEqual([{ leases: 3 }])
  await world.lend(lease('d', 30, 40))
  expect(world.busy()).toHaveLength(1)
})

test('[D7] the pool’s pause holds until the pool ends it', async () => {
  const world = await busyWorld()
  world.wire().say('paused', { paused: true, because: 'Five failures in a row.' })
  expect(world.session.facts().phase).toEqual({ type: 'paused', by: 'pool', because: 'Five failures in a row.' })
  world.session.resume()
  expect(world.session.facts().phase.type).toBe('paused')
  await world.clock.pass(1000)
  world.wire().say('paused', { paused: false, because: '' })
  expect(world.session.facts().phase.type).toBe('working')
  expect(world.wire().last('ask')).toEqual([{ leases: 3 }])
})

test('[D8] Finish waits for running tasks and their acknowledgement, then says bye', async () => {
  const world = await busyWorld()
  world.session.finish()
  expect(stateOf(world).state).toBe('finishing')
  // A long task is not cut off.
  await world.clock.pass(30_000)
  world.threads[0]!.compute(1)
  world.threads[1]!.compute(1)
  await settle()
  expect(world.wire().all('bye')).toHaveLength(0)
  expect(world.session.facts().left).toBe(2)
  world.wire().keepAll()
  expect(world.wire().said.at(-1)![0]).toBe('bye')
  expect(world.session.facts().phase.type).toBe('stopped')
  expect(
    world
      .wire()
      .all('handBack')
      .map(([{ lease: token, from }]) => `${token} ${from}`)
      .sort(),
  ).toEqual(['a 1', 'b 11', 'c 20'])
  expect(world.clock.pending()).toBe(0)
})

test('[D8] Finish with nothing to do ends at once; without a pool it ends after a minute', async () => {
  const idle = createWorld()
  await idle.join()
  idle.session.finish()
  expect(idle.session.facts().phase.type).toBe('stopped')

  const alone = await busyWorld()
  alone.threads[0]!.compute()
  await settle()
  alone.wire().breaks()
  alone.session.finish()
  alone.threads[1]!.compute(1)
  await alone.clock.pass(50_000)
  expect(alone.session.facts().phase.type).toBe('finishing')
  await alone.clock.pass(15_000)
  expect(alone.session.facts().phase.type).toBe('stopped')
})

test('[D9] Stop ends every thread at once and says bye within a second', async () => {
  const world = await busyWorld()
  world.threads[0]!.report({ type: 'outputs', from: 0, bytes: Uint8Array.of(1), lengths: [1], computeMs: 5, tiles: [] })
  world.session.stop()
  expect(world.threads.every(({ alive }) => !alive)).toBe(true)
  expect(world.session.facts().phase.type).toBe('stopped')
  await world.clock.pass(600)
  expect(world.wire().said.at(-1)![0]).toBe('bye')
  expect(world.wire().isOpen()).toBe(false)
  expect(world.clock.pending()).toBe(0)
})

test('[D9] Stop while the pool is away ends at once', async () => {
  const world = await busyWorld()
  world.wire().breaks()
  world.session.stop()
  expect(world.events.at(-1)).toEqual({ type: 'ended' })
})

test('[D10] fewer threads: within a second the others are ended and their leases given back', async () => {
  const world = await busyWorld()
  world.session.setPower({ threads: 1 })
  expect(stateOf(world).threads).toBe(1)
  await world.clock.pass(1000)
  expect(world.busy()).toHaveLength(1)
  expect(world.wire().last('handBack')).toEqual([{ lease: 'b', from: 10 }])
})

test('[D10] more threads start on what waits here and ask for more', async () => {
  const world = await busyWorld()
  world.session.setPower({ threads: 4 })
  await settle()
  expect(world.busy()).toHaveLength(3)
  expect(world.wire().last('ask')).toEqual([{ leases: 2 }])
})

test('[D10] a duty cycle rests in proportion to what was computed, and measured use agrees', async () => {
  for (const duty of [0.25, 0.5, 1]) {
    const world = createWorld({ power: { threads: 2, duty }, cores: 4 })
    await world.join()
    await world.lend(lease('a', 0, 10_000), lease('b', 10_000, 20_000))
    let seen: readonly number[] = []
    for (let i = 0; i < 250; i++) {
      // A stretch that began before the last 100 ms has computed for 100 ms.
      const begun = world.threads.map(({ stretches }) => stretches.length)
      await world.clock.pass(100)
      for (const [n, thread] of world.threads.entries())
        if (begun[n] === thread.stretches.length && begun[n] !== seen[n]) thread.compute(1, 100)
      seen = begun
      await settle()
    }
    // Two of four cores, this share of the time.
    expect(world.session.facts().measured).toBeGreaterThan(0.45 * duty)
    expect(world.session.facts().measured).toBeLessThan(0.55 * duty)
  }
})
test('[D10] a new duty cycle ends a long rest at once', async () => {
  const world = createWorld({ power: { threads: 1, duty: 0.05 } })
  await world.join()
  await world.lend(lease('a', 0, 10))
  world.threads[0]!.compute(1, 2000)
  await world.clock.pass(10_000)
  expect(world.threads[0]!.stretches).toHaveLength(1)
  world.session.setPower({ duty: 1 })
  await settle()
  expect(world.threads[0]!.stretches).toHaveLength(2)
})

test('[D10] impossible wishes become the nearest possible ones', () => {
  const had = { threads: 2, duty: 1 }
  expect(possible({ threads: 99, duty: 7 }, had, 8)).toEqual({ threads: 8, duty: 1 })
  expect(possible({ threads: 0, duty: 0 }, had, 8)).toEqual({ threads: 1, duty: 0.05 })
  expect(possible({ threads: Number.NaN, duty: Number.NaN }, had, 8)).toEqual(had)
})

test('[D17] a phone that slows by 30 % halves itself, for five minutes at least', () => {
  const heat = createHeatGuard()
  let now = 0
  const probe = (speed: number, minutes: number) => {
    for (const end = now + minutes * 60_000; now < end; now += 20_000) heat.update(speed, now)
  }
  probe(100, 10)
  probe(75, 10)
  expect(heat.factor()).toBe(1)
  probe(65, 3)
  expect(heat.factor()).toBe(0.5)
  probe(100, 2)
  expect(heat.factor()).toBe(0.5)
  probe(100, 4)
  expect(heat.factor()).toBe(1)
})

test('[D17] one slow moment is no heat', () => {
  const heat = createHeatGuard()
  for (let i = 0; i < 100; i++) heat.update(i % 5 === 0 ? 100 : 30, i * 20_000)
  expect(heat.factor()).toBe(1)
})

test('[D17] a low battery pauses until it is charged enough, and does not flap', () => {
  const battery = createBatteryGuard()
  const minute = 60_000
  battery.update({ charge: 0.29, charging: true }, 0)
  expect(battery.low()).toBe(false)
  battery.update({ charge: 0.29, charging: false }, minute)
  expect(battery.low()).toBe(true)
  battery.update({ charge: 0.31, charging: false }, 10 * minute)
  expect(battery.low()).toBe(true)
  battery.update({ charge: 0.31, charging: true }, 11 * minute)
  expect(battery.low()).toBe(false)
})
