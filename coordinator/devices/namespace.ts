import type { DeviceId } from '../../protocol/ids.ts'
import { addressOf, createBucket } from '../callers.ts'
import type { Committer } from '../committer/committer.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/port.ts'
import type { Connection, DeviceNamespace, Directory, Faulted } from './connection.ts'
import type { HelloHandler } from './hello.ts'
import type { Receive } from './receive.ts'

/** A connection that says nothing is not a device. */
const HELLO_WITHIN_MS = 10_000
/** Misunderstandings are answered, a stream of them is not. */
const MALFORMED_ALLOWED = 50
const DROPPED_ALLOWED = 5000

export interface DeviceParts {
  readonly namespace: DeviceNamespace
  readonly directory: Directory
  readonly store: Store
  readonly log: Log
  readonly hello: HelloHandler
  readonly receive: Receive
  readonly counts: { malformed: number; dropped: number }
  /** A proxy on this machine is believed about addresses. */
  readonly behindProxy: boolean
  committer(): Committer
  changed(): void
  saidGoodbye(device: DeviceId): void
  readonly faulted: Faulted
}

/** The life of each connection of a device: hello, what it says, its end. */
export function serveDevices(parts: DeviceParts): void {
  const { namespace, log, counts } = parts

  namespace.use((socket, next) => {
    socket.data.address = addressOf(socket.request, parts.behindProxy)
    // The upgrade request and its headers weigh a third of an idle connection; nobody asks for them again.
    Object.assign(socket.conn, { request: undefined })
    Object.assign(socket, { handshake: undefined })
    next()
  })

  namespace.on('connection', (socket) => {
    const address: string = socket.data.address ?? ''
    const bucket = createBucket(Date.now())
    let state: 'new' | 'greeting' | Connection = 'new'
    let malformed = 0
    let dropped = 0
    const silent = setTimeout(() => socket.disconnect(true), HELLO_WITHIN_MS)

    function end(why: string) {
      log.warn({ address, device: typeof state === 'string' ? undefined : state.record.id }, why)
      socket.disconnect(true)
    }

    function misunderstood(because: string) {
      counts.malformed++
      if (++malformed > MALFORMED_ALLOWED) end('a device sent too much that makes no sense')
      else if (socket.connected)
        socket.emit('tell', { level: 'error', text: `The pool did not understand: ${because}` })
    }

    async function greet(input: unknown, acknowledge: unknown) {
      clearTimeout(silent)
      state = 'greeting'
      const answer = typeof acknowledge === 'function' ? acknowledge : () => {}
      const greeted = await parts.hello(socket, address, input, (message) => answer(message))
      if (greeted.type === 'in') {
        state = greeted.connection
        if (!socket.connected) leave(parts, greeted.connection, false)
        return
      }
      state = 'new'
      if (greeted.malformed) misunderstood('the hello was malformed.')
      // It may mend its hello on this connection, but not stay without one.
      if (socket.connected)
        setTimeout(() => typeof state === 'string' && socket.disconnect(true), HELLO_WITHIN_MS).unref()
    }

    function hear(event: string, input: unknown, acknowledge: unknown) {
      if (!bucket.take(Date.now())) {
        counts.dropped++
        if (++dropped > DROPPED_ALLOWED) end('a device flooded the pool')
        else if (event === 'result' && typeof acknowledge === 'function')
          acknowledge({ type: 'busy', retryAfterMs: 1000, message: 'Too many messages a second.' })
        return
      }
      if (event === 'hello') {
        if (state !== 'new') return misunderstood('one hello is enough.')
        greet(input, acknowledge).catch((error) => parts.faulted(socket, error))
        return
      }
      if (typeof state === 'string') return misunderstood('the first message is hello.')
      const received = parts.receive(state, event, input, acknowledge)
      if (received.type === 'malformed') misunderstood(received.because)
    }

    socket.onAny((event: string, input: unknown, acknowledge: unknown) => {
      try {
        hear(event, input, acknowledge)
      } catch (error) {
        parts.faulted(socket, error)
      }
    })

    // Without a listener Socket.IO prints a stack; a packet that cannot be read closes the connection, and that is enough.
    socket.on('error', () => {
      counts.malformed++
    })
    socket.on('disconnect', () => {
      clearTimeout(silent)
      try {
        if (typeof state !== 'string') leave(parts, state, false)
      } catch (error) {
        parts.faulted(socket, error)
      }
    })
  })
}

/** Takes a connection out of the directory and the pool. A replaced one is told not to come back by itself. */
export function leave(
  parts: Pick<DeviceParts, 'directory' | 'store' | 'log' | 'changed' | 'committer' | 'saidGoodbye'>,
  connection: Connection,
  replaced: boolean,
): void {
  const { directory, store, log } = parts
  const { id } = connection.record
  if (directory.get(id) !== connection) return
  directory.remove(connection)
  if (connection.gone) parts.saidGoodbye(id)
  else parts.committer().post({ type: 'deviceLeft', device: id, goodbye: false })
  connection.gone = true
  if (replaced) {
    connection.socket.emit('replaced')
    connection.socket.disconnect(true)
  } else {
    connection.record = { ...connection.record, lastSeenAt: Date.now() }
    store.saveDevice(connection.record).catch((error) => log.warn({ err: error }, 'a device could not be saved'))
  }
  log.info({ device: id, replaced }, 'device left')
  parts.changed()
}
