import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import * as z from 'zod/mini'
import type { AnyKind } from '../jobs/define.ts'
import { MAX_FILE_BYTES } from '../protocol/limits.ts'
import { type Api, createApi } from './api/create.ts'
import { provideApi } from './api/index.ts'
import type { Application, MountedApplication, OpenApplication } from './application.ts'
import { createAbuse } from './callers.ts'
import { createRestore } from './committer/restore.ts'
import type { Config } from './config.ts'
import { makeDataDir, root } from './disk.ts'
import { createGateway } from './gateway.ts'
import { createHostAgent } from './host-agent.ts'
import { createAccess, openSessions } from './http/access.ts'
import { createMetrics } from './http/metrics.ts'
import { createRouter } from './http/route.ts'
import { createRoutes } from './http/routes.ts'
import { closeServer, createPoolServer, type Handler, listen } from './http/serve.ts'
import { createStatic } from './http/static.ts'
import { createInputs, joinSources } from './inputs/inputs.ts'
import { boundOf } from './inputs/lease-input.ts'
import { openFilesInThread } from './inputs/thread.ts'
import { openUploads } from './inputs/uploads.ts'
import { createJobRegistry } from './job-registry.ts'
import { readKernels, readRuntime } from './kernels.ts'
import { readSnapshots, type Snapshots } from './live/namespace.ts'
import type { Log } from './log.ts'
import { createSamples, createSystemJob, type Samples } from './own-jobs.ts'
import { createPool } from './pool/pool.ts'
import { faultWords } from './problem.ts'
import { openRunningTime, startRetention } from './running-time.ts'
import { openSecrets } from './secrets.ts'
import { openStore } from './store/core.ts'
import { lockDataDir } from './store/data-dir.ts'
import type { Store } from './store/port.ts'
import { agentCommand, banner, ownUrl, poolUrls, StartError } from './terminal.ts'

z.config({ localeError: faultWords })

export interface Pages {
  readonly handle: Handler
  close(): Promise<void>
}

export interface StartOptions {
  /** Script that exports `kinds`; worker threads read the same one. */
  readonly kindsScript: string
  /** Starts the pages on this server; null for tests and benchmarks. */
  readonly pages: ((server: Server, dev: boolean) => Promise<Pages>) | null
  /** What stands beside the pool and uses it. */
  readonly applications: readonly Application[]
  readonly version: string
  readonly log: Log
  /** The pool contradicted itself: the process must end. */
  broken(error: unknown): void
  /** Where other kernels than the built ones stand. */
  readonly kernelsDir?: string
  /** Keeps the data instead of the database; closed with the coordinator. */
  readonly store?: Store
}

export interface Coordinator {
  readonly api: Api
  readonly url: string
  readonly port: number
  readonly adminKey: string
  /** What the terminal shows; ends with the Ready line. */
  readonly banner: string
  close(): Promise<void>
}

/** Config → lock → store → pool → gateway → pages, and back in the other order. Rejects where no start can succeed. */
export async function startCoordinator(config: Config, options: StartOptions): Promise<Coordinator> {
  const { log, version } = options
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const one of opened.splice(0).reverse())
      await one().catch((error) => log.error({ err: error }, 'something could not be closed'))
  }
  try {
    for (const { refuse } of options.applications) {
      const because = await refuse(config.applications)
      if (because !== null) throw new StartError(because)
    }
    await makeDataDir(config.dataDir)
    const lock = await lockDataDir(config.dataDir)
    opened.push(() => lock.release())
    const { kinds } = (await import(pathToFileURL(options.kindsScript).href)) as { kinds: readonly AnyKind[] }
    const publicDir = join(root, 'public')
    const kernelsDir = options.kernelsDir ?? join(publicDir, 'kernels')
    const kernels = await readKernels(kernelsDir)
    const runtime = await readRuntime(join(publicDir, 'runtime'))

    const { server, ready, slowHeaders } = createPoolServer({ log, dev: config.dev })
    await listen(server, config)
    opened.push(() => closeServer(server))
    const { port } = server.address() as AddressInfo
    const urls = await poolUrls(config, port)
    const agent = runtime && agentCommand(urls[0]!, runtime.agent.url, config.poolKey)

    const store = options.store ?? (await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir }))
    opened.push(() => store.close())
    // After the store, which refuses a folder that is not this database's: nothing is written into that one.
    const secrets = await openSecrets(config.dataDir, config.adminKey)
    const running = await openRunningTime({ dataDir: config.dataDir, log })
    opened.push(() => running.close())
    const applications: (OpenApplication & { readonly name: string })[] = []
    for (const { name, open } of options.applications) {
      const one = await open({ dataDir: config.dataDir, settings: config.applications, log })
      opened.push(one.close)
      applications.push({ ...one, name })
    }
    const sessions = await openSessions({
      dataDir: config.dataDir,
      tokenKey: secrets.tokenKey,
      adminKey: secrets.adminKey,
      poolKey: config.poolKey,
      secure: config.url?.startsWith('https:') ?? false,
    })
    const poolKeys = createAbuse(WRONG_POOL_KEYS)
    const host = createHostAgent({ dataDir: config.dataDir, work: config.work, name: config.name.slice(0, 40), log })
    const files = await openFilesInThread(
      {
        folder: join(config.dataDir, 'files'),
        maxBytes: MAX_FILE_BYTES,
        hostFolder: config.filesDir,
        kindsScript: options.kindsScript,
      },
      kinds,
    )
    opened.push(() => files.close())
    const uploads = await openUploads({ folder: join(config.dataDir, 'files', 'uploads'), files, running, log })
    opened.push(() => uploads.close())
    const sources = joinSources([files, ...applications.map(({ inputs }) => inputs)])
    const inputs = await createInputs(sources, files, join(config.dataDir, 'inputs'))
    const registry = createJobRegistry({ kinds, kernels, kernelsDir, inputs })
    let samples: Samples | null = null
    let snapshots: Snapshots | null = null
    const gateway = createGateway({
      poolName: config.name,
      poolKey: config.poolKey,
      publicUrl: config.url,
      tokenKey: secrets.tokenKey,
      kinds,
      kindsScript: options.kindsScript,
      kernels,
      runtimeHash: runtime?.hash ?? null,
      store,
      registry,
      log,
      poolKeys,
      restore: createRestore({ store, registry, boundOf, auditKey: secrets.auditKey, createPool, log }),
      hostSecret: host.secret,
      // There by the time that the first page can connect.
      snapshots: () => snapshots!,
      joined: (connection, identity) => void samples?.joined(identity, connection.host),
      saidGoodbye: (device) => samples?.saidGoodbye(device),
      broken: options.broken,
      isAdmin: sessions.isAdmin,
      mayEnter: sessions.mayEnter,
    })
    opened.push(() => gateway.close())
    // Before the gateway, so that its last result is still taken.
    opened.push(() => host.close())
    const pagesOfApplications: Record<string, unknown> = {}
    const { committer } = gateway
    const { api, jobs, downloads, contributions } = createApi({
      ...gateway,
      store,
      registry,
      kinds,
      kernels,
      kernelsDir,
      files,
      uploads,
      inputs,
      sources,
      host,
      pool: { name: config.name, key: config.poolKey, version, agentCommand: agent, urls },
      applications: pagesOfApplications,
      isAdmin: sessions.isAdmin,
      mayEnter: sessions.mayEnter,
    })
    const mounted: MountedApplication[] = []
    for (const { name, mount } of applications) {
      const one = await mount({
        systemJob: createSystemJob({ store, jobs, log }),
        usedBy: jobs.reading,
        result: async (id) => json((await downloads.result(id, 'result')).body),
        contributions,
      })
      opened.push(one.close)
      mounted.push(one)
      pagesOfApplications[name] = one.pages
    }
    snapshots = readSnapshots(api, jobs)
    samples = createSamples({ enabled: config.sample, kinds, store, jobs, log })

    await committer.start()
    provideApi(api)
    opened.push(async () => provideApi(undefined))
    // Socket.IO stands before the pages in the server's list of listeners, whichever comes first.
    gateway.attach(server)
    const pages = options.pages === null ? null : await options.pages(server, config.dev)
    if (pages) opened.push(() => pages.close())
    const bearers = createAbuse(WRONG_BEARERS)
    const access = createAccess({
      sessions,
      publicUrl: config.url,
      bearers,
      logins: createAbuse(WRONG_LOGINS),
      poolKeys,
    })
    const metrics = createMetrics(gateway, slowHeaders)
    opened.push(async () => metrics.close())
    const router = createRouter({
      routes: createRoutes({ api, kinds, sessions, access, version, applications: mounted }),
      check: access.check,
      log,
      behindProxy: config.url !== null,
    })
    opened.push(async () => router.endStreams())
    ready({
      api: router.handle,
      files: createStatic(publicDir, kernelsDir),
      pages: pages?.handle ?? null,
      metrics: metrics.text,
      standsStill: committer.standsStill,
      mayEnter: sessions.mayEnter,
    })
    for (const { start } of mounted) await start()
    const retention = startRetention({ store, days: config.keepDays, running, log })
    opened.push(async () => retention.close())
    await samples.firstStart()
    await host.start(ownUrl(config.host, port))
    log.info({ port, data: config.dataDir }, 'ready')
    const { adminKeyFile } = secrets
    return {
      api,
      url: ownUrl(config.host, port),
      port,
      adminKey: secrets.adminKey,
      close,
      banner: await banner({ ...config, urls, agentCommand: agent, adminKeyFile }),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A minute, from one address. */
const WRONG_LOGINS = 10
const WRONG_BEARERS = 100
/** A class that opens an old link, each of them as a device and as a page, has tried its keys; whoever guesses has not. */
const WRONG_POOL_KEYS = 60
