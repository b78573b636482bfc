import { inflateSync } from 'node:zlib'
import { io, type Socket } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobView } from '../../protocol/api.ts'
import type { LiveToPage, PageToLive, TileMessage } from '../../protocol/live.ts'
import { connect, hello, until } from './device.ts'
import { createHarness, type Harness, type RunningPool } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await createHarness('poolparty-pictures-')
}, 120_000)
afterAll(() => harness.close())

// Larger than a preview, so that pieces are sampled, and with an odd size, so that edges are cut.
const VIEW = { formula: 'mandelbrot', center: [-0.5, 0], span: 3, width: 1301, height: 701, maxIterations: 60 }

/** Pixels of a PNG this server made: 8 bits a sample, no filters. */
function pixels(png: Uint8Array): { width: number; height: number; channels: number; data: Uint8Array } {
  const file = Buffer.from(png)
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  const channels = file[25] === 6 ? 4 : 3
  const rows = inflateSync(file.subarray(file.indexOf('IDAT') + 4))
  const data = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++)
    data.set(rows.subarray(y * (width * channels + 1) + 1, (y + 1) * (width * channels + 1)), y * width * channels)
  return { width, height, channels, data }
}

/** What a page draws: the pieces in the order they came. */
function draw(tiles: readonly TileMessage[]) {
  const width = Math.ceil(1301 / 2)
  const height = Math.ceil(701 / 2)
  const canvas = new Uint8Array(width * height * 4)
  for (const tile of tiles) {
    const { channels, data } = pixels(tile.png)
    for (let y = 0; y < tile.height; y++)
      for (let x = 0; x < tile.width; x++) {
        const from = (y * tile.width + x) * channels
        const to = ((tile.y + y) * width + tile.x + x) * 4
        canvas.set([...data.subarray(from, from + 3), channels === 4 ? data[from + 3]! : 255], to)
      }
  }
  return canvas
}

async function watching(pool: RunningPool, id: string) {
  const socket: Socket<LiveToPage, PageToLive> = io(`${pool.url}/live`, {
    ...{ parser, transports: ['websocket'], reconnection: false, forceNew: true },
  })
  const tiles: TileMessage[] = []
  socket.on('tile', (tile) => tiles.push(tile))
  socket.emit('watch', [`job:${id}`])
  return { socket, tiles }
}

test('[G52] pieces seen live, the preview, and the preview after a kill are the same picture', async () => {
  let pool = await harness.start({ work: true })
  const submitted = await pool.call('POST', '/jobs', { kind: 'fractal', params: VIEW, trust: 'fast' })
  const { id } = (await submitted.json()) as JobView
  const early = await watching(pool, id)
  const done = async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as JobView).status === 'done'
  await until(done)
  const preview = async () => new Uint8Array(await (await pool.call('GET', `/jobs/${id}/preview`)).arrayBuffer())
  const before = await preview()
  const { width, height, data } = pixels(before)
  expect({ width, height }).toEqual({ width: 651, height: 351 })
  expect(data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
  await until(() => Buffer.compare(draw(early.tiles), data) === 0)
  expect(early.tiles.filter(({ index }) => index >= 0).every(({ volunteerName }) => volunteerName !== '')).toBe(true)
  const late = await watching(pool, id)
  await until(() => late.tiles.length > 0)
  expect(late.tiles[0]).toMatchObject({ index: -1, x: 0, y: 0, width: 651, height: 351 })
  expect(Buffer.compare(draw(late.tiles), data)).toBe(0)
  early.socket.disconnect()
  late.socket.disconnect()
  await pool.kill()
  pool = await harness.start({ dataDir: pool.dataDir })
  expect(Buffer.compare(await preview(), before)).toBe(0)
  const result = await pool.call('GET', `/jobs/${id}/result`)
  expect(result.headers.get('content-type')).toBe('image/png')
  expect(result.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.png"$/)
  const file = Buffer.from(await result.arrayBuffer())
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([1301, 701])
  await pool.stop()
}, 90_000)

test('[G53] an estimate says how many tasks and how long, and keeps nothing', async () => {
  const pool = await harness.start({ work: true })
  await until(async () => ((await (await pool.call('GET', '/now')).json()) as { devices: number }).devices === 1)
  const answer = await pool.call('POST', '/estimate', { kind: 'fractal', params: VIEW })
  const estimate = (await answer.json()) as { taskCount: number; seconds: number; devices: number }
  expect(estimate).toMatchObject({ devices: 1, seconds: expect.any(Number) })
  expect(estimate.taskCount).toBeGreaterThan(1)
  expect(estimate.seconds).toBeGreaterThan(0)
  const heavy = { ...VIEW, width: 16384, height: 8192, maxIterations: 16_000_000 }
  const long = (await (await pool.call('POST', '/estimate', { kind: 'fractal', params: heavy })).json()) as {
    seconds: number
  }
  expect(long.seconds).toBeGreaterThan(estimate.seconds)
  // A device that is not the host's own takes no part in what stays there.
  const socket = await connect(pool.url)
  await hello(socket)
  for (const [devices, count] of [
    ['all', 2],
    ['host', 1],
  ] as const) {
    const answer = await pool.call('POST', '/estimate', { kind: 'fractal', params: VIEW, devices })
    expect(await answer.json()).toMatchObject({ devices: count })
  }
  socket.disconnect()
  expect(((await (await pool.call('GET', '/jobs')).json()) as { items: unknown[] }).items).toEqual([])
  await pool.stop()
}, 60_000)
