import * as http from 'node:http'
import * as https from 'node:https'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Without a byte for this long nobody is there any more. */
const SILENT_MS = 60_000

/**
 * The bytes at an address; rejects for anything but success. Not `fetch`, whose streams take three times the work for the
 * same bytes, and whose first use costs every thread 50 ms: on a small board that is time its kernels do not get.
 */
export async function fetchBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await ask(url)
  if (answer.statusCode !== 200) {
    answer.resume()
    throw new Error(`the pool answered ${answer.statusCode}`)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of plain(answer)) chunks.push(chunk)
  return joined(chunks)
}

function ask(url: URL): Promise<http.IncomingMessage> {
  const { get } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'accept-encoding': 'gzip' }, timeout: SILENT_MS }, resolve)
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error(`the pool said nothing for ${SILENT_MS / 1000} s`)))
  })
}

function plain(answer: http.IncomingMessage): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer
  const unpacked = createGunzip()
  answer.on('error', (error) => unpacked.destroy(error))
  return answer.pipe(unpacked)
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
