import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { createGunzip, gunzipSync } from 'node:zlib'

// What the agent asks the pool by http: whether it is one, for its agent, for kernels and inputs.

const PROBE_MS = 5000

/** Why a pool cannot be reached, in words; undefined where something speaks Socket.IO there. */
export async function whyNoPool(origin: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${origin}/socket.io/?EIO=4&transport=polling`, {
      signal: AbortSignal.timeout(PROBE_MS),
    })
    // Socket.IO answers a transport it does not offer with { code, message }.
    const body: unknown = await response.json().catch(() => undefined)
    if (typeof body === 'object' && body !== null && 'code' in body) return undefined
    return `${origin} answers, but it is not a PoolParty pool. Is the address right?`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = (cause as NodeJS.ErrnoException | undefined)?.code
    switch (code) {
      case 'ECONNREFUSED':
        return `Nothing listens at ${origin}.`
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `There is no machine called ${new URL(origin).hostname} that this one can find.`
      default:
        return `${origin} does not answer${code ? ` (${code})` : ''}.`
    }
  }
}

const ANSWER_MS = 30_000
const BLOCK = 512
/** Of an archive's header: where it says the size of its file, and for how long. */
const SIZE_AT = 124
const SIZE_LENGTH = 11

/**
 * Fetches the agent that the pool gives out and answers where it stands, or null where this one is the same. It is as
 * trustworthy as the kernels this agent takes from the pool anyway. Rejects with a sentence.
 */
export async function fetchAgent(origin: string, version: string): Promise<string | null> {
  const manifest: unknown = await (await get(`${origin}/runtime/manifest.json`)).json().catch(() => null)
  const agent = (manifest as { agent?: { version?: unknown; url?: unknown } } | null)?.agent
  if (typeof agent?.url !== 'string' || !/^\/agent-[\w.-]+\.tgz$/.test(agent.url))
    throw new Error(`${origin} does not say which agent it wants.`)
  if (agent.version === version) return null
  const archive = gunzipSync(await (await get(origin + agent.url)).arrayBuffer())
  const folder = mkdtempSync(join(tmpdir(), 'poolparty-agent-'))
  // Its worker is read whenever a thread starts, so it stays as long as this process does.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['agent.mjs', 'worker.mjs']) writeFileSync(join(folder, name), fileOf(archive, `package/${name}`))
  return pathToFileURL(join(folder, 'agent.mjs')).href
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => undefined)
  if (!response?.ok) throw new Error(`${url} ${response ? `answered ${response.status}` : 'did not answer'}.`)
  return response
}

/** A file of a tar archive. */
function fileOf(archive: Buffer, wanted: string): Buffer {
  for (let at = 0; at < archive.length && archive[at] !== 0; ) {
    const name = archive.toString('latin1', at, archive.indexOf(0, at))
    const size = Number.parseInt(archive.toString('latin1', at + SIZE_AT, at + SIZE_AT + SIZE_LENGTH), 8)
    const from = at + BLOCK
    if (name === wanted) return archive.subarray(from, from + size)
    at = from + Math.ceil(size / BLOCK) * BLOCK
  }
  throw new Error(`The pool's agent has no ${wanted}.`)
}

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
