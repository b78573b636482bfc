import * as z from 'zod/mini'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import { type LiveToPage, PREVIEW_PIXELS, previewStep, type TileMessage } from '../../protocol/live.ts'
import type { Api } from '../api/create.ts'
import type { Jobs } from '../api/jobs.ts'
import { addressOf, createBucket, createCrowd } from '../callers.ts'
import type { Log } from '../log.ts'
import type { Tile } from '../outputs/canvas.ts'
import { ApiProblem } from '../problem.ts'
import { createDelivery, type Emit, type LiveNamespace, type Viewer } from './deliver.ts'
import type { Accepted } from './pictures.ts'

/** Four updates a second look alive; more only cost. */
const FLUSH_MS = 250
/** These ask the store for more than one row. */
const SLOW_FLUSH_MS = 1000
/** Pieces of one picture in one flush; beyond it the whole preview is sent once instead. */
const TILES_A_FLUSH = 100
/** The latest are sent beside a whole preview, so that people still see whose tiles land. */
const SIGNED_TILES = 16
/** Of pieces of one picture in one flush. */
const TILE_BYTES = 1024 * 1024
const TOPICS = 32
/** The whole preview is signed by nobody. */
const NOBODY = { index: -1, device: '' as DeviceId, volunteer: '' as VolunteerId, volunteerName: '' } as const

const watchSchema = z
  .array(z.string().check(z.regex(/^(pool|jobs|leaderboard|devices|job:[\w-]{1,64})$/)))
  .check(z.maxLength(TOPICS))

/** What pages watch: a snapshot at once, changes at their pace. A page that cannot keep up skips to the next snapshot. */
export function serveLive(parts: {
  namespace: LiveNamespace
  snapshots(): Snapshots
  log: Log
  /** A proxy on this machine is believed about addresses. */
  readonly behindProxy: boolean
  mayEnter(cookieHeader: string | null): boolean
  isAdmin(cookieHeader: string | null): boolean
}) {
  const { namespace, snapshots, log } = parts
  const crowd = createCrowd()
  namespace.use((socket, next) => {
    if (!parts.mayEnter(socket.handshake.headers.cookie ?? null)) return next(new Error('This pool asks for a key.'))
    const address = addressOf(socket.request, parts.behindProxy)
    if (!crowd.enter(address)) return next(new Error('Too many pages of this pool are open at this address.'))
    socket.data.address = address
    socket.conn.once('close', () => crowd.leave(address))
    next()
  })
  /** Topics with news, and when they were last sent. */
  const dirty = new Map<string, number>()
  const lastSent = new Map<string, number>()
  const tiles = new Map<JobId, { landed: TileMessage[]; bytes: number; overflow: boolean }>()
  const delivery = createDelivery(namespace)
  const answering = new Set<Viewer>()
  let timer: NodeJS.Timeout | null = null
  let closed = false

  const watchers = (topic: string) => namespace.adapter.rooms.get(topic)

  function mark(topic: string) {
    if (closed || !watchers(topic)) return
    dirty.set(topic, Date.now())
    plan()
  }

  function plan() {
    if (!closed) timer ??= setTimeout(() => void flush(), FLUSH_MS)
  }

  /** Sends to everyone who can take it; the others are owed this topic. */
  function send(topic: string, emit: Emit) {
    delivery.send(topic, watchers(topic) ?? [], emit)
  }

  async function wholePicture(job: JobId): Promise<TileMessage | null> {
    const picture = await snapshots().picture(job)
    if (!picture) return null
    const step = previewStep(picture.size)
    const width = Math.ceil(picture.size.width / step)
    const height = Math.ceil(picture.size.height / step)
    if (width > PREVIEW_PIXELS || height > PREVIEW_PIXELS) return null
    return { job, ...NOBODY, x: 0, y: 0, width, height, png: Buffer.from(picture.png.buffer) }
  }

  async function flush() {
    try {
      await flushAll()
    } catch (error) {
      log.error({ err: error }, 'what pages watch could not be sent')
    } finally {
      timer = null
      if (dirty.size > 0 || tiles.size > 0 || delivery.owes) plan()
    }
  }

  async function flushAll() {
    const now = Date.now()
    for (const topic of [...dirty.keys()]) {
      const pause = topic === 'leaderboard' || topic === 'devices' || topic === 'jobs' ? SLOW_FLUSH_MS : 0
      if (now - (lastSent.get(topic) ?? 0) < pause) continue
      dirty.delete(topic)
      lastSent.set(topic, now)
      await sendTopic(topic, (emit) => send(topic, emit), false)
    }
    for (const [job, { landed, overflow }] of [...tiles]) {
      tiles.delete(job)
      const whole = overflow ? await wholePicture(job).catch(() => null) : null
      send(`job:${job}`, (to) => {
        for (const tile of whole ? [whole, ...landed] : landed) to.emit('tile', tile)
      })
    }
    for (const { topic, ids } of delivery.due()) await sendTopic(topic, (emit) => delivery.send(topic, ids, emit), true)
  }

  /** At once where it can take them; one topic after the other, however often it asks. */
  async function answer(viewer: Viewer) {
    if (answering.has(viewer)) return
    answering.add(viewer)
    try {
      for (let due = delivery.due(viewer.id); due.length > 0; due = delivery.due(viewer.id))
        for (const { topic, ids } of due) await sendTopic(topic, (emit) => delivery.send(topic, ids, emit), true)
    } finally {
      answering.delete(viewer)
      if (delivery.owes) plan()
    }
  }

  /** Asks for a topic's state and sends it. A topic that cannot be had now is had at its next change. */
  async function sendTopic(topic: string, to: (emit: Emit) => void, withPicture: boolean): Promise<void> {
    try {
      switch (topic) {
        case 'pool': {
          const now = await snapshots().pool()
          return to((target) => target.emit('pool', now))
        }
        case 'jobs': {
          const jobs = await snapshots().jobs()
          return to((target) => target.emit('jobs', jobs))
        }
        case 'leaderboard': {
          const boards = await snapshots().leaderboards()
          return to((target) => {
            for (const board of boards) target.emit('leaderboard', board)
          })
        }
        case 'devices': {
          const devices = await snapshots().devices()
          return to((target) => target.emit('devices', devices))
        }
        default: {
          const id = topic.slice('job:'.length) as JobId
          const job = await snapshots().job(id)
          if (job) to((target) => target.emit('job', job))
          const whole = withPicture && job ? await wholePicture(id) : null
          if (whole) to((target) => target.emit('tile', whole))
        }
      }
    } catch (error) {
      log.warn({ err: error, topic }, 'a live topic could not be read')
    }
  }

  namespace.on('connection', (viewer) => {
    const bucket = createBucket(Date.now(), 20, 2)
    viewer.on('error', () => {})
    viewer.onAny((event: string, input: unknown) => {
      const wanted = event === 'watch' && bucket.take(Date.now()) ? watchSchema.safeParse(input) : null
      if (!wanted?.success) return
      const topics = new Set(
        wanted.data.filter((topic) => topic !== 'devices' || parts.isAdmin(viewer.handshake.headers.cookie ?? null)),
      )
      for (const room of viewer.rooms) if (room !== viewer.id && !topics.has(room)) viewer.leave(room)
      const fresh = [...topics].filter((topic) => !viewer.rooms.has(topic))
      for (const topic of fresh) {
        viewer.join(topic)
        delivery.owe(topic, viewer.id)
      }
      answer(viewer).catch((error) => {
        log.error({ err: error }, 'a page could not be served; its connection is closed')
        viewer.disconnect(true)
      })
    })
  })

  return {
    poolChanged: () => mark('pool'),
    jobChanged(job: JobId) {
      mark(`job:${job}`)
      mark('jobs')
      mark('pool')
    },
    creditChanged: () => mark('leaderboard'),
    devicesChanged() {
      mark('devices')
      mark('pool')
    },
    /** Pieces of a picture, by whom. */
    landed({ job, device, volunteer }: Accepted, volunteerName: string, landed: readonly Tile[]) {
      if (!watchers(`job:${job}`)) return
      const waiting = tiles.get(job) ?? { landed: [], bytes: 0, overflow: false }
      for (const tile of landed) {
        const png = Buffer.from(tile.png.buffer)
        waiting.landed.push({ ...tile, job, device, volunteer, volunteerName, png })
        waiting.bytes += png.length
      }
      if (waiting.landed.length > TILES_A_FLUSH || waiting.bytes > TILE_BYTES) waiting.overflow = true
      while (waiting.overflow && (waiting.landed.length > SIGNED_TILES || waiting.bytes > TILE_BYTES))
        waiting.bytes -= waiting.landed.shift()?.png.length ?? waiting.bytes
      tiles.set(job, waiting)
      plan()
    },
    watched: (job: JobId) => watchers(`job:${job}`) !== undefined,
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
export type Live = ReturnType<typeof serveLive>

/** As many as a page shows without asking for more. */
const JOBS = 50
const RANKS = 50
const DEVICES = 500

/** Where the live topics read their state: they say what the API says. */
export function readSnapshots(api: Api, jobs: Jobs) {
  const unlessGone = (error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null
    throw error
  }
  return {
    pool: () => api.now(),
    jobs: async () => (await api.jobs({ limit: JOBS })).items,
    devices: async () => (await api.devices({ limit: DEVICES })).items,
    job: (id: JobId) => api.job(id).catch(unlessGone),
    async leaderboards() {
      const boards: Parameters<LiveToPage['leaderboard']>[0][] = []
      for (const window of ['day', 'week', 'all'] as const)
        for (const by of ['volunteer', 'device'] as const)
          boards.push({ window, by, items: (await api.leaderboard({ by, window, limit: RANKS })).items })
      return boards
    },
    async picture(id: JobId) {
      const record = await jobs.record(id).catch(unlessGone)
      const job = record && jobs.known(record)
      if (!job?.kind.picture) return null
      const png = await api.preview(id)
      return png ? { size: job.kind.picture.size(job.facts.params), png: png as Uint8Array<ArrayBuffer> } : null
    },
  }
}
export type Snapshots = ReturnType<typeof readSnapshots>
