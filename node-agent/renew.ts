import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

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
