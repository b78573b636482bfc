import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import * as z from 'zod/mini'
import type { AnyKind } from '../jobs/define.ts'
import { MAX_FILE_BYTES } from '../protocol/limits.ts'
import { agentCommand, ownUrl, poolUrls } from './addresses.ts'
import { createApi } from './api/create.ts'
import { createDownloads } from './api/downloads.ts'
import { createEstimate } from './api/estimate.ts'
import { createExplain } from './api/explain.ts'
import { faultWords } from './api/fault-words.ts'
import { createFilesApi } from './api/files.ts'
import { provideApi } from './api/index.ts'
import { createInputs } from './api/inputs.ts'
import { createJobs } from './api/jobs.ts'
import { createPeople } from './api/people.ts'
import type { Api } from './api/port.ts'
import { createSeries } from './api/series.ts'
import { createUploadsApi } from './api/uploads.ts'
import { banner } from './banner.ts'
import type { Config } from './config.ts'
import { makeDataDir } from './data-dir.ts'
import { createErrand } from './errand.ts'
import { hostFolder } from './files/host-folder.ts'
import { openFilesApart } from './files/open.ts'
import { filesShelf } from './files/shelf.ts'
import { openUploads } from './files/uploads.ts'
import { addressOf, createAbuse } from './gateway/abuse.ts'
import { createBooks } from './gateway/books.ts'
import { createGateway } from './gateway/gateway.ts'
import { createAccess } from './gateway/http/access.ts'
import { createMetrics } from './gateway/http/metrics.ts'
import { createRouter } from './gateway/http/router.ts'
import { createRoutes } from './gateway/http/routes.ts'
import { createServe, type Handler, type Served } from './gateway/http/serve.ts'
import { createPoolServer } from './gateway/http/server.ts'
import { openSessions } from './gateway/http/sessions.ts'
import { createStatic } from './gateway/http/static.ts'
import { readKernels, readRuntime } from './gateway/kernels.ts'
import { readSnapshots } from './gateway/live/read.ts'
import { createPlaces } from './gateway/places.ts'
import { createRestore } from './gateway/restore.ts'
import { createWorkInput } from './gateway/work.ts'
import { createHostAgent } from './host-agent.ts'
import type { Log } from './log.ts'
import { root } from './place.ts'
import { createPool } from './pool/pool.ts'
import { openSeriesApart } from './prices/apart.ts'
import { openDesk } from './prices/desk.ts'
import { openPrices } from './prices/open.ts'
import { whyUnplayable } from './prices/playable.ts'
import { sourceOf } from './prices/source.ts'
import { startRetention } from './retention.ts'
import { openRunningTime } from './running-time.ts'
import { createSamples, type Samples } from './samples.ts'
import { openSecrets } from './secrets.ts'
import { lockDataDir } from './store/lock-data-dir.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/port.ts'
import { StartTrouble } from './trouble.ts'

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
    const { replay } = config.prices
    const unplayable = replay === null ? null : await whyUnplayable(replay)
    if (unplayable) throw new StartTrouble(unplayable)
    await makeDataDir(config.dataDir)
    const lock = await lockDataDir(config.dataDir)
    opened.push(() => lock.release())
    const { kinds } = (await import(pathToFileURL(options.kindsScript).href)) as { kinds: readonly AnyKind[] }
    const publicDir = join(root, 'public')
    const kernelsDir = options.kernelsDir ?? join(publicDir, 'kernels')
    const kernels = await readKernels(kernelsDir)
    const runtime = await readRuntime(join(publicDir, 'runtime'))

    let served: Served | null = null
    const { server, slowHeaders } = createPoolServer(createServe({ log, dev: config.dev, ready: () => served }))
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
    const sessions = await openSessions({
      dataDir: config.dataDir,
      tokenKey: secrets.tokenKey,
      adminKey: secrets.adminKey,
      poolKey: config.poolKey,
      secure: config.url?.startsWith('https:') ?? false,
    })
    const poolKeys = createAbuse(WRONG_POOL_KEYS)
    const host = createHostAgent({ dataDir: config.dataDir, work: config.work, name: config.name.slice(0, 40), log })
    const files = await openFilesApart(
      {
        ...{ folder: join(config.dataDir, 'files'), maxBytes: MAX_FILE_BYTES, hostFolder: config.filesDir },
        kindsScript: options.kindsScript,
      },
      kinds,
    )
    opened.push(() => files.close())
    const uploads = await openUploads({ folder: join(config.dataDir, 'files', 'uploads'), files, running, log })
    opened.push(() => uploads.close())
    const series = await openSeriesApart(join(config.dataDir, 'series'))
    opened.push(() => series.close())
    const shelves = { files: filesShelf(files), series }
    const inputs = await createInputs(shelves, files, join(config.dataDir, 'inputs'))
    const books = createBooks(kinds, kernels, createPlaces({ kernelsDir, shelves, known: inputs.place }))
    let samples: Samples | null = null
    const gateway = createGateway({
      ...{ poolName: config.name, poolKey: config.poolKey, publicUrl: config.url, tokenKey: secrets.tokenKey },
      ...{ kinds, kindsScript: options.kindsScript, kernels, runtimeHash: runtime?.hash ?? null, store, books, log },
      poolKeys,
      restore: createRestore({ store, books, auditKey: secrets.auditKey, createPool, log }),
      hostSecret: host.secret,
      joined: (connection, identity) => void samples?.joined(identity, connection.host),
      saidGoodbye: (device) => samples?.saidGoodbye(device),
      broken: options.broken,
      isAdmin: sessions.isAdmin,
      mayEnter: sessions.mayEnter,
    })
    opened.push(() => gateway.close())
    // Before the gateway, so that its last result is still taken.
    opened.push(() => host.close())
    const { turn, directory, pictures, encoder, estimator, changed, tokens, inputGone } = gateway
    const jobs = createJobs({ store, turn, books, kinds, kernels, inputs, forgotten: pictures.forget })
    const people = createPeople({ store, turn, directory, changed })
    const downloads = createDownloads({ store, jobs, encoder, pictures })
    const explain = createExplain({ store, turn, jobs, people, directory, kernels })
    const source = sourceOf(config.prices, series.recording)
    const ticker = source && (await openPrices({ source, dataDir: config.dataDir, log }))
    const prices =
      ticker &&
      openDesk(ticker, {
        ...{ errand: createErrand({ store, jobs, log }), series, usedBy: jobs.reading, log },
        result: async (id) => json((await downloads.result(id, 'result')).body),
        contributions: async (id) => people.nameContributions(await store.contributions(id)),
      })
    if (prices) opened.push(() => prices.close())
    const estimate = createEstimate({
      jobs,
      kernels,
      kernelsDir,
      thread: estimator,
      directory,
      turn,
      shelves,
    })
    const api = createApi({
      ...{ store, turn, directory, jobs, people, downloads, explain, estimate, host, prices },
      files: createFilesApi({ files, kinds, store, inputs, uploads }),
      uploads: createUploadsApi(uploads),
      hostFolder: () => hostFolder(config.filesDir),
      series: createSeries({ store: series, usedBy: jobs.reading }),
      leasedInput: createWorkInput({ ...{ books, tokens, shelves, inputGone }, pool: turn.pool }),
      pool: { name: config.name, key: config.poolKey, version, agentCommand: agent },
      urls: () => urls,
      isAdmin: sessions.isAdmin,
      mayEnter: sessions.mayEnter,
    })
    gateway.serveLive(readSnapshots(api, jobs))
    samples = createSamples({ enabled: config.sample, kinds, store, jobs, log })

    await turn.start()
    provideApi(api)
    opened.push(async () => provideApi(undefined))
    // Socket.IO stands before the pages in the server's list of listeners, whichever comes first.
    gateway.attach(server)
    const pages = options.pages === null ? null : await options.pages(server, config.dev)
    if (pages) opened.push(() => pages.close())
    const bearers = createAbuse(WRONG_BEARERS)
    const access_ = createAccess({
      sessions,
      publicUrl: config.url,
      bearers,
      logins: createAbuse(WRONG_LOGINS),
      poolKeys,
    })
    const metrics = createMetrics({ ...gateway, slowHeaders })
    opened.push(async () => metrics.close())
    served = {
      api: createRouter({
        routes: createRoutes({ api, kinds, sessions, access: access_, version }),
        access: access_,
        log,
        addressOf: (request: IncomingMessage) => addressOf(request, config.url !== null),
      }),
      files: createStatic(publicDir, kernelsDir),
      pages: pages?.handle ?? null,
      metrics: metrics.text,
      standsStill: turn.standsStill,
      mayEnter: sessions.mayEnter,
    }
    await prices?.start()
    const retention = startRetention({ store, days: config.keepDays, running, log })
    opened.push(async () => retention.close())
    await samples.firstStart()
    await host.start(ownUrl(config.host, port))
    log.info({ port, data: config.dataDir }, 'ready')
    const { adminKeyFile } = secrets
    return {
      ...{ api, url: ownUrl(config.host, port), port, adminKey: secrets.adminKey, close },
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

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
