import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { AnyKind } from '../jobs/define.ts'
import type { DeviceId, JobId } from '../protocol/ids.ts'
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts'
import { sameOrigin } from './callers.ts'
import { createCommitter } from './committer/committer.ts'
import type { createRestore } from './committer/restore.ts'
import {
  type Connection,
  createDirectory,
  createFaulted,
  type DeviceNamespace,
  joinedFact,
} from './devices/connection.ts'
import { createHello, type HelloParts } from './devices/hello.ts'
import { ANONYMOUS, createIdentities, type Identity } from './devices/identity.ts'
import { leave, serveDevices } from './devices/namespace.ts'
import { createReceive, createResults } from './devices/receive.ts'
import { GONE } from './inputs/lease-input.ts'
import type { JobRegistry } from './job-registry.ts'
import type { LiveNamespace } from './live/deliver.ts'
import type { Snapshots } from './live/namespace.ts'
import { serveLive } from './live/namespace.ts'
import { createPictures } from './live/pictures.ts'
import type { Log } from './log.ts'
import { createEncoder, createMeasurer, openOutputThread } from './outputs/threads.ts'
import { createPerform } from './perform.ts'
import { createTokens } from './secrets.ts'
import type { Store } from './store/port.ts'
import { watchUnread, wireParser } from './wire.ts'

/** A connection that has not chosen a namespace by then is not one of ours. */
const CONNECT_WITHIN_MS = 10_000

type GreetingParts = Pick<
  HelloParts,
  'poolName' | 'poolKey' | 'tokenKey' | 'kernels' | 'runtimeHash' | 'poolKeys' | 'hostSecret'
>

export interface GatewayParts extends GreetingParts {
  /** Null where no proxy stands in front. */
  readonly publicUrl: string | null
  readonly kinds: readonly AnyKind[]
  /** Script that worker threads read the kinds from. */
  readonly kindsScript: string
  readonly store: Store
  readonly registry: JobRegistry
  readonly log: Log
  readonly restore: ReturnType<typeof createRestore>
  /** What the live pages are told; asked once somebody looks. */
  snapshots(): Snapshots
  joined(connection: Connection, identity: Identity): void
  saidGoodbye(device: DeviceId): void
  broken(error: unknown): void
  isAdmin(cookieHeader: string | null): boolean
  mayEnter(cookieHeader: string | null): boolean
}

/** Sockets, worker threads and the committer around the pool. HTTP and the API stand beside it. */
export function createGateway(parts: GatewayParts) {
  const { store, registry, log, kinds, kindsScript } = parts
  const behindProxy = parts.publicUrl !== null
  const directory = createDirectory()
  const tokens = createTokens(parts.tokenKey)
  const measurer = createMeasurer(kinds, kindsScript)
  const painter = openOutputThread(kindsScript, 'painter')
  const encoder = createEncoder(kindsScript)
  const estimator = openOutputThread(kindsScript, 'estimator')
  const counts = {
    malformed: 0,
    dropped: 0,
    commits: 0,
    committedEvents: 0,
    commitMs: 0,
    failedCommits: 0,
    faults: 0,
    unread: 0,
  }
  const faulted = createFaulted({ counts, log })
  let attached = false

  const io = new Server({
    parser: wireParser,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: CONNECT_WITHIN_MS,
    // Agents send no Origin; a page of another site has one that is not ours.
    allowRequest: (request, answer) =>
      answer(null, request.headers.origin === undefined || sameOrigin(request, parts.publicUrl)),
  })
  io.use((_, next) => next(new Error('There is nothing here; use /device or /live.')))
  const live = serveLive({ ...parts, namespace: io.of('/live') as unknown as LiveNamespace, behindProxy })
  const changed = live.devicesChanged
  const results = createResults({ registry, measurer, log, committer: () => committer })
  const pictures = createPictures({
    thread: painter,
    store,
    registry,
    log,
    watched: live.watched,
    landed(run, tiles) {
      const volunteer = directory.get(run.device)?.volunteer
      const name = volunteer && !volunteer.hidden ? volunteer.name : ''
      live.landed(run, name || ANONYMOUS, tiles)
    },
  })

  /** Said after the effect that showed it has been performed. */
  function inputGone(job: JobId) {
    queueMicrotask(() => committer.post({ type: 'jobFailed', job, error: GONE }))
  }

  const perform = createPerform({
    store,
    log,
    directory,
    registry,
    tokens,
    results,
    pictures,
    live,
    committer: () => committer,
    inputGone,
    faulted,
  })
  const committer = createCommitter({
    store,
    restore: parts.restore,
    perform: perform.perform,
    performDurable: perform.performDurable,
    sendBack: results.sendBack,
    letGo: results.letGo,
    rejoin() {
      for (const connection of directory.all()) {
        const { room, working } = connection
        const device = connection.record.id
        committer.post(joinedFact(connection))
        if (!working && !committer.post({ type: 'deviceChanged', device, working })) connection.socket.disconnect(true)
        if (room > 0) committer.post({ type: 'workAsked', device, leases: room })
      }
    },
    storeFailed(sentence, error) {
      if (sentence === null) log.info('results are kept again')
      else {
        if (error !== undefined) counts.failedCommits++
        log.error({ err: error }, sentence)
      }
      live.poolChanged()
    },
    untold: (error) => log.error({ err: error }, 'not everybody could be told that results are not kept now'),
    broken: parts.broken,
    committed(changes, events, ms) {
      for (const change of changes) {
        if (change.type !== 'reputationChanged') continue
        // What a rebuilt pool is told of this device again.
        const connection = directory.get(change.device)
        if (connection) connection.record = { ...connection.record, reputation: change.reputation }
      }
      counts.commits++
      counts.committedEvents += events
      counts.commitMs += ms
    },
  })

  const shared = { store, log, directory, tokens, results, faulted, changed, committer: () => committer }
  const receive = createReceive({
    ...shared,
    renamed(connection, name) {
      if (name === connection.volunteer.name) return
      const volunteer = { ...connection.volunteer, name }
      for (const one of directory.of(volunteer.id)) one.volunteer = volunteer
      store.saveVolunteer(volunteer).then(changed, (error) => log.warn({ err: error }, 'a name could not be saved'))
    },
  })
  const deviceParts = {
    ...shared,
    namespace: io.of('/device') as unknown as DeviceNamespace,
    counts,
    saidGoodbye: parts.saidGoodbye,
    receive,
    behindProxy,
    hello: createHello({
      ...parts,
      ...shared,
      identities: createIdentities(store, parts.tokenKey),
      leave: (connection, replaced) => leave(deviceParts, connection, replaced),
      joined(connection, identity) {
        const { id, kind } = connection.record
        log.info({ device: id, volunteer: connection.volunteer.id, kind, threads: connection.threads }, 'device joined')
        if (identity.lastSeenAt !== null) perform.totalsChanged(connection.volunteer.id)
        changed()
        parts.joined(connection, identity)
      },
    }),
  }
  serveDevices(deviceParts)

  const unread = watchUnread({ io, counts, log })

  return {
    io,
    committer,
    unread,
    directory,
    pictures,
    encoder,
    estimator,
    counts,
    results,
    tokens,
    inputGone,
    changed,
    attach(server: HttpServer) {
      attached = true
      io.attach(server, { path: '/socket.io' })
    },
    async close() {
      live.close()
      unread.close()
      perform.close()
      await committer.close()
      io.disconnectSockets(true)
      // Without a server it has nothing to close, and would never say that it did.
      if (attached)
        await new Promise<void>((resolve) => {
          io.close(() => resolve())
        })
      await Promise.all([measurer.close(), painter.close(), encoder.close(), estimator.close()])
    },
  }
}
