import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMemoryStore } from '../store/memory-store.ts'
import { connect, countingDevice, hello, metric, until } from './device.ts'
import { type Inside, openInside } from './inside.ts'
import { type Packet, rawDevice } from './raw.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const nsp = '/device'
const event = (data: unknown, id?: unknown): Packet => ({ type: 2, nsp, data, ...(id === undefined ? {} : { id }) })
/** What passes for MessagePack, but not for a packet of a client. */
const STRANGE: readonly Packet[] = [
  ...[[42], [null], [{}], [[]], [true], [undefined], []].map((data) => event(data)),
  ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'error', 'newListener', 'removeListener'].map((name) =>
    event([name, {}]),
  ),
  ...[-1, 0.5, 2 ** 60, 'x', null, {}, [1]].map((id) => event(['ask', { leases: 0 }], id)),
  ...[event('ask'), event({ 0: 'ask' }), event(['result', {}, {}], 7), event(undefined)],
  ...[
    { type: 3, nsp, data: [1], id: 0 },
    { type: 3, nsp, data: [] },
    { type: 4, nsp, data: 'x' },
  ],
  ...[
    { type: 5, nsp, data: ['ask', {}], id: 1 },
    { type: 1, nsp, data: [] },
    { type: 2, nsp: 5, data: ['ask'] } as never,
  ],
]

test('[G32] a packet that no client may send ends its own connection, never the process', async () => {
  const pool = await inside.harness.start({ kinds: inside.kinds })
  const witness = await countingDevice(pool.url)
  for (const packet of STRANGE) {
    const device = await rawDevice(pool.url)
    device.send(packet)
    await device.closed
  }
  expect((await fetch(`${pool.url}/healthz`)).status).toBe(200)
  expect(witness.socket.connected).toBe(true)
  expect(await metric(pool, 'malformed_messages_total')).toBe(STRANGE.length)
  await until(async () => (await metric(pool, 'devices')) === 1)
  witness.close()
  await pool.stop()
}, 60_000)

test('[G90] a fault in serving one device ends its connection, is counted, and reaches nobody else', async () => {
  const memory = createMemoryStore()
  const store = {
    ...memory,
    saveVolunteer(): Promise<void> {
      throw new Error('planted')
    },
  }
  const pool = await inside.start({}, store)
  const witness = await countingDevice(pool.url)
  const socket = await connect(pool.url)
  await hello(socket)
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
  socket.emit('rename', { name: 'Ada' })
  await gone
  expect(await metric(pool, 'faulted_connections_total')).toBe(1)
  expect(witness.socket.connected).toBe(true)
  witness.close()
  await pool.close()
}, 30_000)
