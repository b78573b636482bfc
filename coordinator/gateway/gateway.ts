import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { AnyKind } from '../../jobs/define.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { MAX_MESSAGE_BYTES } from '../../protocol/limits.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/port.ts'
import { type Abuse, addressOf } from './abuse.ts'
import type { Books } from './books.ts'
import { type Connection, createDirectory, type DeviceNamespace } from './device/connection.ts'
import { createFaulted } from './device/faults.ts'
import { createHello } from './device/hello.ts'
import { createIdentities, type Identity } from './device/identity.ts'
import { leave, serveDevices } from './device/namespace.ts'
import { createPerform } from './device/perform.ts'
import { createReceive } from './device/receive.ts'
import { createResults } from './device/results.ts'
import { createTokens } from './device/tokens.ts'
import type { Kernels } from './kernels.ts'
import { GONE } from './lease-input.ts'
import { createCrowd } from './live/crowd.ts'
import { type Live, type LiveNamespace, serveLive } from './live/namespace.ts'
import { createPictures } from './live/pictures.ts'
import type { Snapshots } from './live/snapshots.ts'
import { createStandings } from './live/standings.ts'
import { ANONYMOUS } from './names.ts'
import { sameOrigin } from './origin.ts'
import { createMeasurer } from './outputs/measurer.ts'
import { openThread } from './outputs/thread.ts'
import type { createRestore } from './restore.ts'
import type { DurableEffect, HeldResult } from './turn/batch.ts'
import { createTurn } from './turn/turn.ts'
import { watchUnread } from './unread.ts'
import { wireParser } from './wire.ts'

/** A connection that has not chosen a namespace by then is not one of ours. */
const CONNECT_WITHIN_MS = 10_000

export interface GatewayParts {
  readonly poolName: string
  readonly poolKey: string | null
  readonly publicUrl: string | null
  readonly tokenKey: Uint8Array
  readonly kinds: readonly AnyKind[]
  /** Script that worker threads read the kinds from. */
  readonly kindsScript: string
  readonly kernels: Kernels
  readonly runtimeHash: string | null
  readonly store: Store
  readonly books: Books
  /** Counts wrong pool keys, of devices and of everybody else. */
  readonly poolKeys: Abuse
  readonly log: Log
  readonly restore: ReturnType<typeof createRestore>
  hostSecret(): string | null
  joined(connection: Connection, identity: Identity): void
  saidGoodbye(device: DeviceId): void
  broken(error: unknown): void
  isAdmin(cookieHeader: string | null): boolean
  mayEnter(cookieHeader: string | null): boolean
}

/** Sockets, worker threads and the turn around the pool. HTTP and the API stand beside it. */
export function createGateway(parts: GatewayParts) {
  const { store, books, poolKeys, log, kinds, kindsScript } = parts
  const behindProxy = parts.publicUrl !== null
  const directory = createDirectory()
  const tokens = createTokens(parts.tokenKey)
  const measurer = createMeasurer(kinds, kindsScript)
  const painter = openThread(kindsScript, 'painter')
  const encoder = openThread(kindsScript, 'encoder')
  const estimator = openThread(kindsScript, 'estimator')
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
  let live: Live | null = null
  let attached = false
  const changed = () => live?.devicesChanged()
  const results = createResults({ books, measurer, log, turn: () => turn })
  const pictures = createPictures({
    thread: painter,
    store,
    books,
    log,
    watched: (job) => live?.watched(job) ?? false,
    landed(run, tiles) {
      const volunteer = directory.get(run.device)?.volunteer
      const name = volunteer && !volunteer.hidden ? volunteer.name : ''
      live?.landed(run, name || ANONYMOUS, tiles)
    },
  })
  const standings = createStandings({ store, directory, turn: () => turn })

  function performDurable(effect: DurableEffect, held: HeldResult | undefined) {
    switch (effect.type) {
      case 'acknowledge': {
        results.acknowledge(effect.ref, effect.runs)
        const volunteer = directory.get(effect.device)?.volunteer
        if (volunteer) standings.changed(volunteer.id)
        live?.creditChanged()
        return
      }
      case 'jobChanged': {
        const { id, status } = effect.job
        books.saved(effect.job)
        if (status === 'done' || status === 'failed' || status === 'cancelled') {
          books.ended(id)
          log.info({ job: id, status }, 'job ended')
        }
        live?.jobChanged(id)
        return
      }
      case 'taskAccepted':
        pictures.accepted(effect, held)
        return
      case 'taskRevoked':
        pictures.revoked(effect.job, effect.from, effect.to)
        return
      default:
        throw new Error(`Unknown effect ${effect satisfies never}`)
    }
  }

  /** Said after the effect that showed it has been performed. */
  function inputGone(job: JobId) {
    queueMicrotask(() => turn.post({ type: 'jobFailed', job, error: GONE }))
  }

  const turn = createTurn({
    store,
    restore: parts.restore,
    perform: createPerform({ directory, books, tokens, inputGone, faulted }),
    performDurable,
    sendBack: results.sendBack,
    letGo: results.letGo,
    rejoin() {
      for (const connection of directory.all()) {
        const { record, network, threads, host, lent, room, working } = connection
        const { id: device, volunteer, standing } = record
        turn.post({
          ...{ type: 'deviceJoined', device, volunteer, network, threads, host, standing },
          held: [...lent.values()],
        })
        if (!working && !turn.post({ type: 'deviceChanged', device, working })) connection.socket.disconnect(true)
        if (room > 0) turn.post({ type: 'workAsked', device, leases: room })
      }
    },
    troubled(sentence, error) {
      if (sentence === null) log.info('results are kept again')
      else {
        if (error !== undefined) counts.failedCommits++
        log.error({ err: error }, sentence)
      }
      live?.poolChanged()
    },
    untold: (error) => log.error({ err: error }, 'not everybody could be told that results are not kept now'),
    broken: parts.broken,
    committed(changes, events, ms) {
      for (const change of changes) {
        if (change.type !== 'standingChanged') continue
        // What a rebuilt pool is told of this device again.
        const connection = directory.get(change.device)
        if (connection) connection.record = { ...connection.record, standing: change.standing }
      }
      counts.commits++
      counts.committedEvents += events
      counts.commitMs += ms
    },
  })

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
  const receive = createReceive({
    tokens,
    results,
    turn: () => turn,
    changed,
    renamed(connection, name) {
      if (name === connection.volunteer.name) return
      const volunteer = { ...connection.volunteer, name }
      for (const one of directory.of(volunteer.id)) one.volunteer = volunteer
      store.saveVolunteer(volunteer).then(changed, (error) => log.warn({ err: error }, 'a name could not be saved'))
    },
  })
  const devices = io.of('/device') as unknown as DeviceNamespace
  const deviceParts = {
    ...{ namespace: devices, directory, store, log, counts, changed, faulted, turn: () => turn },
    saidGoodbye: parts.saidGoodbye,
    receive: receive.receive,
    addressOf: (socket: { data: { address?: string } }) => socket.data.address ?? '',
    hello: createHello({
      ...{ poolName: parts.poolName, poolKey: parts.poolKey, key: parts.tokenKey, kernels: parts.kernels },
      ...{ runtimeHash: parts.runtimeHash, directory, tokens, poolKeys, faulted, hostSecret: parts.hostSecret },
      turn: () => turn,
      identities: createIdentities(store, parts.tokenKey),
      leave: (connection, replaced) => leave(deviceParts, connection, replaced),
      joined(connection, identity) {
        const { id, kind } = connection.record
        log.info({ device: id, volunteer: connection.volunteer.id, kind, threads: connection.threads }, 'device joined')
        if (identity.lastSeenAt !== null) standings.changed(connection.volunteer.id)
        changed()
        parts.joined(connection, identity)
      },
    }),
  }
  devices.use((socket, next) => {
    socket.data.address = addressOf(socket.request, behindProxy)
    // The upgrade request and its headers weigh a third of an idle connection; nobody asks for them again.
    Object.assign(socket.conn, { request: undefined })
    Object.assign(socket, { handshake: undefined })
    next()
  })
  serveDevices(deviceParts)

  const unread = watchUnread({ io, counts, log })

  return {
    io,
    turn,
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
    serveLive(snapshots: Snapshots) {
      const pages = io.of('/live') as unknown as LiveNamespace
      const crowd = createCrowd()
      pages.use((socket, next) => {
        if (!parts.mayEnter(socket.handshake.headers.cookie ?? null))
          return next(new Error('This pool asks for a key.'))
        const address = addressOf(socket.request, behindProxy)
        if (!crowd.enter(address)) return next(new Error('Too many pages of this pool are open at this address.'))
        socket.data.address = address
        socket.conn.once('close', () => crowd.leave(address))
        next()
      })
      live = serveLive({
        ...{ namespace: pages, snapshots, log },
        isAdmin: (viewer) => parts.isAdmin(viewer.handshake.headers.cookie ?? null),
      })
    },
    attach(server: HttpServer) {
      attached = true
      io.attach(server, { path: '/socket.io' })
    },
    async close() {
      live?.close()
      unread.close()
      standings.close()
      await turn.close()
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
