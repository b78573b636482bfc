import fc from 'fast-check'
import * as msgpack from 'socket.io-msgpack-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { decode } from '../../coordinator/wire.ts'
import type { ResultAck } from '../../protocol/device.ts'
import { straightLoop } from './counting.ts'
import { connect, countingDevice, hello, sendResult, until } from './device.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

let inside: Inside
let pool: InsidePool
beforeAll(async () => {
  inside = await openInside()
  pool = await inside.start()
}, 60_000)
afterAll(() => inside.close())

const alive = async () => expect((await fetch(`${pool.url}/healthz`)).status).toBe(200)

test('[G30] rubbish in any message is answered in words, and the device may go on', async () => {
  const events = ['ask', 'result', 'progress', 'failed', 'handBack', 'state', 'rename', 'nonsense', 'hello']
  const rubbish = fc.oneof(
    // A packet with the key `__proto__` is no packet: [G32].
    fc.anything({ withDate: false, key: fc.string().filter((key) => key !== '__proto__') }),
    fc.constant({ lease: 'x', from: -1, outputs: [] }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...events), rubbish), { maxLength: 8 }), async (messages) => {
      const socket = await connect(pool.url)
      expect(await hello(socket)).toMatchObject({ type: 'welcome' })
      for (const [event, message] of messages) {
        try {
          ;(socket as unknown as { emit(e: string, m: unknown): void }).emit(event, message)
        } catch {
          // What the encoder refuses never leaves a device.
        }
      }
      const answer = (await (
        socket as unknown as { emitWithAck(e: string, m: unknown): Promise<ResultAck> }
      ).emitWithAck('result', { nothing: true })) as ResultAck
      expect(answer).toEqual({ type: 'kept', runs: [] })
      socket.disconnect()
    }),
    { numRuns: 40 },
  )
  await alive()
}, 30_000)

test('[G31] rubbish as a hello is refused, and says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.jsonValue(),
        { minKeys: 1, noNullPrototype: true },
      ),
      async (message) => {
        const socket = await connect(pool.url)
        expect(await hello(socket, message)).toMatchObject({ type: 'refused' })
        socket.disconnect()
      },
    ),
    { numRuns: 20 },
  )
  const socket = await connect(pool.url)
  expect(await hello(socket, { protocol: 99 })).toMatchObject({ type: 'refused', reason: 'protocol' })
  expect(await hello(socket, { threads: 0 })).toMatchObject({
    reason: 'invalid',
    message: expect.stringMatching(/threads/),
  })
  expect(await hello(socket)).toMatchObject({ type: 'welcome' })
  socket.disconnect()
}, 30_000)

test('[G32] bytes that are no packet close their own connection and nothing else', async () => {
  const witness = await countingDevice(pool.url)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, connected) => {
      const raw = new WebSocket(`${pool.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
      raw.on('error', () => {})
      await new Promise((resolve) => raw.once('message', resolve))
      if (connected) raw.send(new msgpack.Encoder().encode({ type: 0, nsp: '/device' })[0 as never] as Buffer)
      raw.send(bytes)
      raw.terminate()
    }),
    { numRuns: 40 },
  )
  expect(witness.socket.connected).toBe(true)
  witness.close()
  await alive()
}, 30_000)

test('[G33] the decoder reads what the encoder writes, and believes no length', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((number) => number + 0),
      fc.string(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    ),
  })).value
  const encode = (message: unknown) => new msgpack.Encoder().encode(message as never)[0 as never] as Buffer
  fc.assert(
    fc.property(value, (message) => {
      expect(decode(encode(message))).toEqual(message)
    }),
  )
  // Extension 0 of four gigabytes, an array and a map of as many items, in a few bytes.
  for (const head of [0xc9, 0xdd, 0xdf, 0xc6, 0xdb])
    expect(() => decode(Uint8Array.of(head, 0xff, 0xff, 0xff, 0xff, 0, 1, 2))).toThrow()
  expect(() => decode(new Uint8Array(100_000).fill(0x91))).toThrow(/too deep/)
  expect(() =>
    decode(Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from('__proto__'), Buffer.from([0x80])])),
  ).toThrow()
})

test('[G34] a lease that is forged, foreign or not for these tasks counts for nothing', async () => {
  const [mine, other] = [await connect(pool.url), await connect(pool.url)]
  await hello(mine)
  await hello(other)
  await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 4 }, trust: 'fast' })
  const lent = new Promise<{ token: string; from: number; to: number }>((resolve) =>
    mine.once('lend', ({ leases }) => resolve(leases[0]!)),
  )
  mine.emit('ask', { leases: 1 })
  const lease = await lent
  const output = straightLoop(lease.to).slice(-8)
  const [body = '', mark = ''] = lease.token.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[]
  claims[3] = 1000
  const wider = `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${mark}`
  const unknown = { type: 'kept', runs: [{ verdict: { type: 'rejected', reason: 'unknown-lease' } }] }
  for (const token of ['', 'x.y', `${body}.`, wider, `${body}.${mark.split('').reverse().join('')}`])
    expect(await sendResult(mine, token, lease.from, [output])).toMatchObject(unknown)
  expect(await sendResult(other, lease.token, lease.from, [output])).toMatchObject(unknown)
  expect(await sendResult(mine, lease.token, lease.to, [output])).toMatchObject({
    runs: [{ verdict: { type: 'rejected', reason: 'invalid' } }],
  })
  const board = (await (await pool.call('GET', '/leaderboard')).json()) as { items: unknown[] }
  expect(board.items).toEqual([])
  mine.disconnect()
  other.disconnect()
})

test('[G35] bytes that no honest kernel returns are rejected, told why, and earn nothing', async () => {
  const { id } = (await (
    await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 2 }, trust: 'fast' })
  ).json()) as { id: string }
  const socket = await connect(pool.url)
  await hello(socket)
  const lent = new Promise<{ token: string; from: number; job: string }>((resolve) =>
    socket.on('lend', ({ leases }) => {
      const lease = leases.find(({ job }) => job === id)
      if (lease) resolve(lease)
      else socket.emit('ask', { leases: 2 })
    }),
  )
  socket.emit('ask', { leases: 2 })
  const lease = await lent
  expect(await sendResult(socket, lease.token, lease.from, [new Uint8Array(9)])).toMatchObject({
    runs: [{ verdict: { type: 'rejected', reason: 'invalid', message: expect.stringMatching(/8 bytes/) } }],
  })
  socket.disconnect()
})

test('[G36] the same device again replaces its earlier connection, which is told', async () => {
  const first = await countingDevice(pool.url)
  const replaced = new Promise<void>((resolve) => first.socket.once('replaced', resolve))
  const second = await countingDevice(pool.url, { hello: { deviceToken: first.welcome.deviceToken } })
  await replaced
  await until(() => !first.socket.connected)
  expect(second.welcome.device.id).toBe(first.welcome.device.id)
  expect(second.welcome.volunteer.id).toBe(first.welcome.volunteer.id)
  expect(second.welcome.volunteerToken).toBe(first.welcome.volunteerToken)
  second.close()
})

test('[G37] devices of one volunteer secret are one volunteer, also when they come at once', async () => {
  const volunteerToken = 'a-secret-an-agent-made'
  const come = () => countingDevice(pool.url, { hello: { volunteerToken, name: 'Ada\u202e\u0007  Lovelace ' } })
  const devices = await Promise.all([come(), come(), come()])
  expect(new Set(devices.map(({ welcome }) => welcome.volunteer.id)).size).toBe(1)
  expect(new Set(devices.map(({ welcome }) => welcome.device.id)).size).toBe(3)
  expect(devices[0]?.welcome.volunteer.name).toBe('Ada Lovelace')
  for (const device of devices) device.close()
})

test('[G38] a removed device is refused, and a paused one is told', async () => {
  const device = await countingDevice(pool.url)
  const { id } = device.welcome.device
  const told = new Promise<boolean>((resolve) => device.socket.once('paused', ({ paused }) => resolve(paused)))
  const paused = await pool.call('PATCH', `/devices/${id}`, { paused: true })
  expect(await paused.json()).toMatchObject({ id, state: 'paused' })
  expect(await told).toBe(true)
  device.close()
  await until(
    async () => !(await pool.api.devices({ limit: 500 })).items.some((one) => one.id === id && one.state === 'idle'),
  )
  const back = await countingDevice(pool.url, { hello: { deviceToken: device.welcome.deviceToken } })
  expect(back.welcome.paused).toBe(true)
  await pool.call('PATCH', `/devices/${id}`, { removed: true })
  await until(() => !back.socket.connected)
  const socket = await connect(pool.url)
  expect(await hello(socket, { deviceToken: device.welcome.deviceToken })).toMatchObject({ reason: 'removed' })
  socket.disconnect()
})

test('[G82] a device that is refused leaves nothing behind', async () => {
  const rows = async () => (await pool.api.devices({ limit: 500 })).items.length
  const before = await rows()
  const browser = { kind: 'browser', runtime: 'of-last-year' } as const
  const socket = await connect(pool.url)
  expect(await hello(socket, browser)).toMatchObject({ type: 'refused', reason: 'runtime' })
  expect(await rows()).toBe(before)
  socket.disconnect()
  // A cache that goes on giving out last year's page must not keep its people out.
  const again = await connect(pool.url)
  expect(await hello(again, browser)).toMatchObject({ type: 'welcome' })
  expect(await rows()).toBe(before + 1)
  again.disconnect()
})

test('[G83] who is hidden says so at each of their devices, and is shown again', async () => {
  const device = await countingDevice(pool.url, { hello: { name: 'Shy' } })
  const { id: volunteer } = device.welcome.volunteer
  const { id } = device.welcome.device
  const hidden = async () => (await pool.api.devices({ limit: 500 })).items.find((one) => one.id === id)?.hidden
  expect(await hidden()).toBe(false)
  for (const wish of [true, false]) {
    expect((await pool.call('PATCH', `/volunteers/${volunteer}`, { hidden: wish })).status).toBe(204)
    expect(await hidden()).toBe(wish)
  }
  device.close()
  await pool.call('PATCH', `/volunteers/${volunteer}`, { hidden: true })
  await until(async () => (await hidden()) === true)
})

test('[G39] a device that floods the pool is slowed, then cut off; others do not notice', async () => {
  const witness = await countingDevice(pool.url)
  const socket = await connect(pool.url)
  await hello(socket)
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
  for (let i = 0; i < 20_000 && socket.connected; i++) socket.emit('ask', { leases: 0 })
  await gone
  expect(witness.socket.connected).toBe(true)
  witness.close()
  await alive()
})
