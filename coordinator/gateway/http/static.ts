import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { problem, sendProblem } from './problem.ts'

const PLACES = /^\/(?:(kernels|runtime)\/([\w-][\w.-]*)|(agent-[\w.-]+\.tgz))$/
const TYPES: Readonly<Record<string, string>> = {
  mjs: 'text/javascript; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  wasm: 'application/wasm',
  tgz: 'application/gzip',
}
/** Names of these carry a hash or a version: what they hold never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const COMPRESSED_KEPT = 50
/** Larger files are streamed as they are. */
const COMPRESS_BYTES = 8 * 1024 * 1024
const compress = promisify(gzip)

/** Serves what builds put under public/ for devices. Answers false for everything else. */
export function createStatic(publicDir: string, kernelsDir: string) {
  const compressed = new Map<string, Buffer>()

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const match = PLACES.exec(path)
    if (!match) return false
    const [, folder, name, archive] = match
    const file = archive
      ? join(publicDir, archive)
      : join(folder === 'kernels' ? kernelsDir : join(publicDir, folder!), name!)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) {
      sendProblem(response, problem(404, 'There is no such file in this build.'))
      return true
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendProblem(response, problem(405, 'This file can only be read.'), { allow: 'GET, HEAD' })
      return true
    }
    const extension = file.slice(file.lastIndexOf('.') + 1)
    const headers: Record<string, string | number> = {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': extension === 'json' ? 'no-cache' : FOR_EVER,
      vary: 'accept-encoding',
      // A worker takes its policy from its own script: kernels compile WebAssembly and talk to this pool only.
      'content-security-policy':
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:",
    }
    const wantsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    if (wantsGzip && extension !== 'tgz' && found.size < COMPRESS_BYTES) {
      const key = `${file} ${found.mtimeMs} ${found.size}`
      const bytes = compressed.get(key) ?? (await compress(await readFile(file), { level: 9 }))
      compressed.set(key, bytes)
      if (compressed.size > COMPRESSED_KEPT) compressed.delete(compressed.keys().next().value!)
      response.writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': bytes.length })
      response.end(request.method === 'HEAD' ? undefined : bytes)
      return true
    }
    response.writeHead(200, { ...headers, 'content-length': found.size })
    if (request.method === 'HEAD') response.end()
    else pipeline(createReadStream(file), response, () => {})
    return true
  }
}
