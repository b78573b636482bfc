import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceView, JobView } from '../../protocol/api.ts'
import type { Lease } from '../../protocol/device.ts'
import { plainText } from '../../protocol/limits.ts'
import { type PostgresServer, postgresPrograms, startPostgres } from '../store/postgres-server.ts'
import { straightLoop } from './counting.ts'
import { connect, countingDevice, hello, metric, until } from './device.ts'
import { type Inside, openInside } from './inside.ts'

// What devices write, on the database that takes least of it.

const programs = await postgresPrograms()
let inside: Inside
let postgres: PostgresServer
beforeAll(async () => {
  if (!programs) return
  postgres = await startPostgres(programs)
  inside = await openInside()
}, 120_000)
afterAll(async () => {
  await inside?.close()
  await postgres?.stop()
})

/** Every control there is, and halves of a character. */
const CONTROLS = String.fromCharCode(...Array.from({ length: 0x20 }, (_, i) => i), 0x7f, 0x80, 0x9f)
const UGLY = `a${CONTROLS}b\ud800c\udc00d`

test.runIf(programs)(
  '[S50] no text of a device keeps PostgreSQL from committing',
  async () => {
    const flags = ['--database-url', await postgres.createDatabase()]
    const pool = await inside.harness.start({ kinds: inside.kinds, flags })
    const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 20 }, trust: 'normal' })
    const { id } = (await answer.json()) as JobView
    const socket = await connect(pool.url)
    const half = `${'x'.repeat(39)}😀`
    const welcome = await hello(socket, { name: UGLY.slice(0, 38), runtime: UGLY, platform: `${half}\u0000` })
    if (welcome.type !== 'welcome') throw new Error(welcome.message)
    const deviceId = welcome.device.id
    const lent = new Promise<Lease>((resolve) => socket.once('lend', ({ leases }) => resolve(leases[0]!)))
    socket.emit('ask', { leases: 1 })
    const lease = await lent
    socket.emit('failed', { lease: lease.token, task: lease.from, message: `It broke:\n\tat ${UGLY}` })
    socket.emit('rename', { name: `Ada${UGLY.slice(0, 30)}` })
    socket.emit('state', { threads: 1, state: 'working', duty: 1 })
    const devices = [await countingDevice(pool.url), await countingDevice(pool.url)]
    await until(async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status === 'done')
    const result = await pool.call('GET', `/jobs/${id}/result`)
    expect(new Uint8Array(await result.arrayBuffer())).toEqual(straightLoop(20))
    expect(await metric(pool, 'failed_commits_total')).toBe(0)
    for (const device of devices) device.close()
    socket.disconnect()
    await pool.kill()
    const again = await inside.harness.start({ kinds: inside.kinds, flags, dataDir: pool.dataDir })
    const known = ((await (await again.call('GET', '/devices')).json()) as { items: DeviceView[] }).items
    const mine = known.find((device) => device.id === deviceId)
    expect(mine?.name).toBe('x'.repeat(39))
    expect(mine?.platform).toBe(half)
    expect(JSON.stringify(known)).not.toMatch(/\\u00|\\ud[89a-f]/)
    await again.stop()
  },
  120_000,
)

test('[S50] of a text only what nobody can read is left out', () => {
  expect(plainText(UGLY)).toBe('a\t\n\rb\ufffdc\ufffdd')
  expect(plainText('Zoë 😀 日本 👩‍👩‍👧\r\n\tat line 3')).toBe('Zoë 😀 日本 👩‍👩‍👧\r\n\tat line 3')
})
