import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metric } from './device.ts'
import { type Inside, openInside } from './inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

/** A connection that sends a little, again and again, as long as it may; how it was ended. */
function dribble(port: number, begin: string, bit: string, every: () => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.write(begin)
    const more = setInterval(() => {
      if (bit) socket.write(bit)
      every()
    }, 200)
    socket.on('data', (bytes) => {
      said += bytes
    })
    // A packet sent to a connection that is closed already is answered with a reset.
    socket.on('error', (error: NodeJS.ErrnoException) => error.code !== 'ECONNRESET' && reject(error))
    socket.on('close', () => {
      clearInterval(more)
      resolve(said)
    })
  })
}

test('[G110] headers that come too slowly end their connection, a body may take its time', async () => {
  const pool = await inside.start()
  const key = `Authorization: Bearer ${pool.adminKey}`
  const slow = dribble(pool.port, 'GET /api/v1/now HTTP/1.1\r\n', 'x-more: 1\r\n')
  const silent = dribble(pool.port, '', '')
  const body = connect(pool.port, '127.0.0.1')
  body.write(`PUT /api/v1/files?name=slow.csv HTTP/1.1\r\nHost: pool\r\n${key}\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const bits = setInterval(() => body.write('4\r\n1,2\n\r\n'), 200)
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /)
  expect(await silent).toMatch(/^HTTP\/1\.1 408 /)
  clearInterval(bits)
  const answer = new Promise<string>((resolve) => body.once('data', (bytes) => resolve(bytes.toString())))
  body.write('0\r\n\r\n')
  expect(await answer).toMatch(/^HTTP\/1\.1 201 /)
  body.destroy()
  expect(await metric(pool, 'slow_headers_total')).toBe(2)
  await pool.close()
}, 60_000)
