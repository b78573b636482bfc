import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { buildKernels } from '../../scripts/build-kernels.mjs'
import { buildRuntime } from '../../scripts/build-runtime.mjs'
import { buildServer } from '../../scripts/build-server.mjs'

// Coordinators for tests and benchmarks: on a free port of the loopback, in a folder of their own, as a process that can be
// stopped and killed. Everything a harness opened is gone after `close`.

export const root = join(import.meta.dirname, '..', '..')

/** Kinds and kernels as a coordinator wants them. */
export interface KindSet {
  readonly kindsScript: string
  readonly kernelsDir: string
}

export interface RunningPool {
  /** Its address, `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  readonly adminKey: string
  /** What it wrote so far, for messages of failed tests. */
  readonly output: () => string
  /** Resolves when the process has ended, however it ended. */
  readonly ended: Promise<void>
  /** A request to `/api/v1`, as admin. */
  call(method: string, path: string, body?: unknown): Promise<Response>
  /** SIGTERM, then waits. */
  stop(): Promise<void>
  /** SIGKILL, then waits. */
  kill(): Promise<void>
}

export interface PoolOptions {
  /** Flags of `npm start`; `--port 0`, `--host` and `--data-dir` are there already. */
  readonly flags?: readonly string[]
  /** Continue in the folder (and on the port) of an earlier one. */
  readonly dataDir?: string
  readonly port?: number
  /** Default: the production kinds. */
  readonly kinds?: KindSet
  /** The host's own agent computes too (its build must be there). */
  readonly work?: boolean
  /** Samples are submitted as `npm start` does. */
  readonly sample?: boolean
  /** The coordinator's clock is wrong by so much; not with pages. */
  readonly clockOffsetMs?: number
  /** With Next's pages (they must be built). Production kinds only. */
  readonly pages?: boolean
}

/** Builds what coordinators run from, where sources changed. */
export async function prepare(): Promise<void> {
  await buildKernels()
  await buildRuntime()
  await buildServer()
}

export async function createHarness(prefix = 'poolparty-') {
  await prepare()
  const folder = await mkdtemp(join(tmpdir(), prefix))
  const running = new Set<RunningPool>()
  let folders = 0

  /** Bundles a kind from `test/` or `bench/` and its kernel. @param kinds exports `kinds` @param kernel exports `kernel` */
  async function bundleKinds(kinds: string, kernels: Readonly<Record<string, string>>): Promise<KindSet> {
    const out = join(folder, `kinds-${++folders}`)
    const kernelsDir = join(out, 'kernels')
    await mkdir(kernelsDir, { recursive: true })
    // Packages are found from the project's folder, wherever the bundle stands.
    const kindsScript = join(root, 'build', `kinds-${process.pid}-${folders}.mjs`)
    await build({
      ...{ entryPoints: [kinds], outfile: kindsScript, bundle: true, packages: 'external', platform: 'node' },
      ...{ format: 'esm', logLevel: 'silent' },
    })
    made.push(kindsScript)
    const manifest: Record<string, { hash: string; file: string }> = {}
    for (const [id, source] of Object.entries(kernels)) {
      const { outputFiles } = await build({
        ...{ entryPoints: [source], bundle: true, write: false, format: 'esm', platform: 'neutral', minify: true },
        mainFields: ['module', 'main'],
      })
      // Agents check that a kernel is what its hash says.
      const hash = createHash('sha256').update(outputFiles[0]!.contents).digest('hex').slice(0, 16)
      manifest[id] = { hash, file: `${id}.${hash}.mjs` }
      await writeFile(join(kernelsDir, `${id}.${hash}.mjs`), outputFiles[0]!.contents)
    }
    await writeFile(join(kernelsDir, 'manifest.json'), JSON.stringify(manifest))
    return { kindsScript, kernelsDir }
  }
  const made: string[] = []

  async function start(options: PoolOptions = {}): Promise<RunningPool> {
    const dataDir = options.dataDir ?? join(folder, `data-${++folders}`)
    const { work = false, sample = false, clockOffsetMs = 0 } = options
    const quiet = [...(work ? [] : ['--no-work']), ...(sample ? [] : ['--no-sample']), '--prices', 'off']
    const flags = [...quiet, ...(options.flags ?? [])]
    const argv = ['--port', String(options.port ?? 0), '--host', '127.0.0.1', '--data-dir', dataDir, ...flags]
    const { kindsScript, kernelsDir } = options.kinds ?? production
    const script = options.pages
      ? [join(root, 'build', 'server.mjs'), ...argv]
      : [
          join(root, 'test', 'gateway', 'run-coordinator.mjs'),
          JSON.stringify({ argv, kindsScript, kernelsDir, clockOffsetMs }),
        ]
    const child = spawn(process.execPath, ['--enable-source-maps', ...script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    })
    const output: string[] = []
    const url = await ready(child, output)
    const adminKey = (await readFile(join(dataDir, 'admin-key'), 'utf8').catch(() => '')).trim()
    const end = async (signal: NodeJS.Signals) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
      running.delete(pool)
    }
    const ended = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve()
      else child.once('exit', () => resolve())
    })
    const pool: RunningPool = {
      ...{ url, dataDir, adminKey, pid: child.pid!, port: Number(new URL(url).port) },
      output: () => output.join(''),
      ended,
      call: (method, path, body) =>
        fetch(`${url}/api/v1${path}`, {
          method,
          headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    }
    running.add(pool)
    return pool
  }

  return {
    folder,
    bundleKinds,
    /** A coordinator that answers already. */
    start,
    async close() {
      await Promise.all([...running].map((pool) => pool.kill()))
      await Promise.all(made.map((path) => rm(path, { force: true })))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type Harness = Awaited<ReturnType<typeof createHarness>>

const production: KindSet = {
  kindsScript: join(root, 'build', 'kinds.mjs'),
  kernelsDir: join(root, 'public', 'kernels'),
}

/** Resolves with the address of the Ready line; rejects with everything that was said when none comes. */
function ready(child: ChildProcess, output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const heard = (text: Buffer) => {
      output.push(text.toString())
      const match = /^Ready: (http:\/\/\S+)$/m.exec(output.join(''))
      if (match?.[1]) resolve(match[1])
    }
    child.stdout?.on('data', heard)
    child.stderr?.on('data', heard)
    child.once('exit', (code) => reject(new Error(`The coordinator ended with ${code}:\n${output.join('')}`)))
  })
}
