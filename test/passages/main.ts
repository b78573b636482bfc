import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Harness } from '../gateway/harness.ts'
import { openSnapshots } from './snapshots.ts'
import { type Clients, ways } from './ways.ts'

// `npm run passages [-- --json] [--at CHECKOUT]`: the source files that a result, a submission, an upload and a price pass in
// the coordinator. A file is passed when a function in it runs in any thread between packet and acknowledgement, in nine of
// ten rounds. A function that also runs in each of the equally long times in which nothing is sent does not count. What runs
// as WebAssembly is not seen. Pages are not started: none of these goes through them.

const ROUNDS = 10
/** A timer of the pool falls into fewer. */
const USUAL = 0.9 * ROUNDS
/** After a round, what it left to do is done before the next is measured. */
const SETTLE_MS = 500
const LIMIT_MS = 120_000

interface Passed {
  readonly threads: number
  readonly files: readonly string[]
  /** `FILE:LINE` of functions that always ran while nothing was sent, too. */
  readonly subtracted: readonly string[]
}

async function walk(name: string, at: string, harness: Harness, clients: Clients): Promise<Passed> {
  const { flags, open } = ways[name]!
  const snapshots = await openSnapshots(at)
  Object.assign(process.env, snapshots.env)
  const pool = await harness.start({ flags: (await flags?.(harness.folder)) ?? [] })
  for (const variable of Object.keys(snapshots.env)) delete process.env[variable]
  const way = await open(pool, clients)
  const idle = new Map<string, number>()
  const passed = new Map<string, number>()
  const count = (into: Map<string, number>, ran: ReadonlySet<string>) => {
    for (const one of ran) into.set(one, (into.get(one) ?? 0) + 1)
  }
  const atLeast = (least: number, counts: Map<string, number>) =>
    [...counts.keys()].filter((one) => counts.get(one)! >= least).sort()
  const watch = async (work: () => Promise<void>) => {
    await pause(SETTLE_MS)
    await snapshots.take()
    const startedAt = performance.now()
    await work()
    const ran = await snapshots.take()
    return { ran, lastedMs: performance.now() - startedAt }
  }
  // The first round warms up: what runs only once is not on the way.
  for (let round = 0; round <= ROUNDS; round++) {
    await way.ready()
    const between = await watch(way.pass)
    const without = await watch(() => pause(between.lastedMs))
    if (round > 0) count(passed, between.ran)
    if (round > 0) count(idle, without.ran)
  }
  const threads = snapshots.threads()
  await pool.kill()
  snapshots.close()
  const anyway = new Set(atLeast(ROUNDS, idle))
  const usual = atLeast(USUAL, passed)
  const files = new Set(usual.filter((one) => !anyway.has(one)).map((one) => one.replace(/:\d+$/, '')))
  return { threads, files: [...files].sort(), subtracted: usual.filter((one) => anyway.has(one)) }
}

async function main(): Promise<void> {
  const options = { json: { type: 'boolean', default: false }, at: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const at = resolve(values.at ?? resolve(import.meta.dirname, '..', '..'))
  const load = (path: string) => import(pathToFileURL(resolve(at, path)).href)
  await (await load('scripts/setup.mjs')).setUp({ pages: false })
  const harness: Harness = await (await load('test/gateway/harness.ts')).createHarness('poolparty-passages-')
  const clients: Clients = await load('test/gateway/device.ts')
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: at, encoding: 'utf8' }).trim()
  const found: Record<string, Passed> = {}
  try {
    for (const name of Object.keys(ways)) {
      const late = pause(LIMIT_MS).then(() => Promise.reject(new Error(`${name}: no end after ${LIMIT_MS / 1000} s.`)))
      found[name] = await Promise.race([walk(name, at, harness, clients), late])
    }
  } finally {
    await harness.close()
  }
  if (values.json) return void process.stdout.write(`${JSON.stringify({ commit, ...found })}\n`)
  for (const [name, { threads, files, subtracted }] of Object.entries(found)) {
    process.stdout.write(`${name}: ${files.length} files in ${threads} threads\n`)
    for (const file of files) process.stdout.write(`  ${file}\n`)
    if (subtracted.length > 0) process.stdout.write(`  not counted, runs anyway: ${subtracted.join(', ')}\n`)
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exit(1)
  },
)
