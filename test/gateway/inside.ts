import { join } from 'node:path'
import type { Config } from '../../coordinator/config.ts'
import { createLog } from '../../coordinator/log.ts'
import { type Coordinator, startCoordinator } from '../../coordinator/start.ts'
import type { Store } from '../../coordinator/store/port.ts'
import { market } from '../../market/server/market.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { createHarness, type Harness, type KindSet } from './harness.ts'

// A coordinator in the test's own process, over the memory store: fast, and its parts can be looked at.

export interface Inside {
  readonly harness: Harness
  readonly kinds: KindSet
  start(config?: Partial<Config>, store?: Store): Promise<InsidePool>
  close(): Promise<void>
}

export interface InsidePool extends Coordinator {
  readonly dataDir: string
  /** As admin, to `/api/v1`. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

export async function openInside(): Promise<Inside> {
  const harness = await createHarness('poolparty-inside-')
  const here = import.meta.dirname
  const kinds = await harness.bundleKinds(join(here, 'counting.ts'), { counting: join(here, 'counting-kernel.ts') })
  const running = new Set<Coordinator>()
  let folders = 0
  return {
    harness,
    kinds,
    async start(config = {}, store = createMemoryStore()) {
      const dataDir = config.dataDir ?? join(harness.folder, `inside-${++folders}`)
      const pool = await startCoordinator(
        {
          ...{ port: 0, host: '127.0.0.1', url: null, name: 'Test pool', adminKey: null, poolKey: null },
          ...{ databaseUrl: null, filesDir: null, keepDays: null, work: false, sample: false, dev: false },
          applications: { prices: 'off' },
          ...config,
          dataDir,
        },
        {
          ...kinds,
          pages: null,
          applications: [market],
          version: '0.0.0',
          log: createLog('silent'),
          store,
          broken(error) {
            // Out of whatever was being handled, so that nothing takes it for a fault of one connection.
            setImmediate(() => {
              throw error
            })
          },
        },
      )
      running.add(pool)
      return {
        ...pool,
        dataDir,
        call: (method, path, body, headers = {}) =>
          fetch(`${pool.url}/api/v1${path}`, {
            method,
            headers: { authorization: `Bearer ${pool.adminKey}`, 'content-type': 'application/json', ...headers },
            ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          }),
        async close() {
          running.delete(pool)
          await pool.close()
        },
      }
    },
    async close() {
      for (const pool of running) await pool.close()
      await harness.close()
    },
  }
}
