'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { io, type Socket } from 'socket.io-client'
import parser from 'socket.io-msgpack-parser'
import { ask } from '../../components/rest/ask.ts'
import { exactClock } from '../../components/words/dates.ts'
import type { JobView } from '../../protocol/api.ts'
import type { LiveToPage, PageToLive, Topic } from '../../protocol/live.ts'

// What the server drew, kept up to date. Every hook starts from the server's answer, so nothing jumps.

function useConnection(): Connection {
  return useSyncExternalStore(onConnection, getConnection, () => UNCONNECTED)
}

/** Topics whose every message is the whole of what is shown. */
type Whole = 'pool' | 'jobs' | 'devices'
type Shown<Topic extends Whole> = Parameters<LiveToPage[Topic]>[0]

export function useLive<Topic extends Whole>(topic: Topic, initial: Shown<Topic>): Shown<Topic> {
  const [now, setNow] = useState(initial)
  useEffect(() => watch([topic], { [topic]: setNow }), [topic])
  return now
}

export function useJob(initial: JobView): JobView {
  const [job, setJob] = useState(initial)
  const { id } = initial
  useEffect(() => watch([`job:${id}`], { job: (news) => news.id === id && setJob(news) }), [id])
  return job
}

/** A blink of the network is nobody's business. */
const PATIENCE_MS = 2_500

/** Says when what is shown was last updated, while the connection is lost. */
export function Lost() {
  const { watching, connected, heardAt } = useConnection()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (connected || !watching) return setLost(false)
    const timer = setTimeout(() => setLost(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [connected, watching])
  return (
    <div role="status" className="no-print pointer-events-none fixed inset-x-0 top-3 z-30 flex justify-center px-4">
      {lost ? (
        <p className="arrived rounded-full bg-ink px-4 py-1.5 text-center text-small text-water">
          {heardAt === null
            ? 'Not connected to the pool. Trying again.'
            : `Not connected. Last updated ${exactClock(heardAt)}; trying again.`}
        </p>
      ) : null}
    </div>
  )
}

// One connection to `/live` per page, there while something watches. It knows topics and events, not what they mean.

type Live = Socket<LiveToPage, PageToLive>
type Handlers = { readonly [Event in keyof LiveToPage]?: LiveToPage[Event] }

const EVENTS = [
  'pool',
  'jobs',
  'leaderboard',
  'devices',
  'job',
  'tile',
] as const satisfies readonly (keyof LiveToPage)[]
/** A page that changes its parts within this time keeps its connection. */
const LINGER_MS = 2_000
const ASK_AGAIN_MS = 1_000

interface Connection {
  /** Some part of this page is live. */
  readonly watching: boolean
  readonly connected: boolean
  /** When something last came in; null before the first time. */
  readonly heardAt: number | null
}

interface Watcher {
  readonly topics: readonly Topic[]
  readonly handlers: Handlers
}

let socket: Live | undefined
let closing: ReturnType<typeof setTimeout> | undefined
const watchers = new Set<Watcher>()
const onlookers = new Set<() => void>()
let connection: Connection = { watching: false, connected: false, heardAt: null }
const UNCONNECTED = connection

function say(change: Partial<Connection>): void {
  connection = { ...connection, ...change }
  for (const look of onlookers) look()
}

let asking = false
/** Says once what is watched now, however many parts of the page came or went in this turn. */
function askAgain(): void {
  if (asking) return
  asking = true
  queueMicrotask(() => {
    asking = false
    const topics = [...new Set([...watchers].flatMap((watcher) => watcher.topics))]
    if (socket?.connected) socket.emit('watch', topics)
  })
}

function open(): Live {
  const live: Live = io('/live', {
    transports: ['websocket'],
    parser,
    reconnectionDelay: 300,
    reconnectionDelayMax: 5_000,
  })
  live.on('connect', () => {
    say({ connected: true })
    askAgain()
  })
  live.on('disconnect', () => say({ connected: false }))
  // Refused, not unreachable: the pool asks for its key, which this tab may hold.
  live.on('connect_error', async () => {
    if (live.active) return
    await enter()
    setTimeout(() => live === socket && live.connect(), ASK_AGAIN_MS)
  })
  for (const event of EVENTS) {
    live.on(event, (message: never) => {
      say({ heardAt: Date.now() })
      for (const watcher of watchers) (watcher.handlers[event] as ((message: never) => void) | undefined)?.(message)
    })
  }
  return live
}

/** Watches topics until the returned function is called. Every topic answers with a whole snapshot, also after a reconnect. */
export function watch(topics: readonly Topic[], handlers: Handlers): () => void {
  const watcher = { topics, handlers }
  watchers.add(watcher)
  clearTimeout(closing)
  socket ??= open()
  if (!connection.watching) say({ watching: true })
  askAgain()
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return askAgain()
    closing = setTimeout(() => {
      socket?.disconnect()
      socket = undefined
      say({ watching: false, connected: false })
    }, LINGER_MS)
  }
}

function onConnection(look: () => void): () => void {
  onlookers.add(look)
  return () => onlookers.delete(look)
}
const getConnection = (): Connection => connection

/** Where the volunteer's runtime keeps the key it took out of the link. */
const KEPT_AT = 'poolparty:key'

/** Exchanges the pool key this tab was opened with, if any, for the cookie that shows the pool. */
async function enter(): Promise<void> {
  try {
    const key = sessionStorage.getItem(KEPT_AT)
    if (key) await ask('POST', 'enter', { key })
  } catch {
    // A browser that keeps nothing has kept no key.
  }
}
