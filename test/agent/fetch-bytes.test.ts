import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { fetchBytes } from '../../node-agent/ask.ts'

const body = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 3)

async function serve() {
  const server = createServer((request, response) => {
    const packed = gzipSync(body)
    switch (request.url) {
      case '/plain':
        return response.end(body)
      case '/packed':
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      case '/cut':
        response.writeHead(200, { 'content-length': body.length }).write(body.subarray(0, 1000))
        return setImmediate(() => response.destroy())
      case '/cut-packed':
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, 1000))
      default:
        return response.writeHead(410).end('gone')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return (path: string) => fetchBytes(new URL(path, `http://127.0.0.1:${port}`))
}

test('[D18] what an agent reads arrives whole, packed on the way or not, or is an error', async () => {
  const read = await serve()
  for (const path of ['/plain', '/packed']) expect(Buffer.compare(await read(path), body)).toBe(0)
  await expect(read('/cut')).rejects.toThrow()
  await expect(read('/cut-packed')).rejects.toThrow()
  await expect(read('/none')).rejects.toThrow('the pool answered 410')
  await expect(fetchBytes(new URL('http://127.0.0.1:9'))).rejects.toThrow()
})
