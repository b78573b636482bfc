import { io, type Socket } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import type { CoordinatorToDevice, DeviceToCoordinator, Hello, Refusal, Welcome } from '../../protocol/device.ts'
import type { LinkState, SessionPorts, Wire } from './ports.ts'

/** A connection that does not answer the handshake within this is given up. */
const ANSWER_MS = 15_000
/** An outdated runtime that could not reload asks again this rarely. */
const REFUSED_AGAIN_MS = 30_000
/** A pool that restarts is back in seconds, so a young outage is looked at this often. */
const YOUNG_MS = 120_000
const YOUNG_CAP_MS = 5000

interface LinkOwner {
  hello(): Hello
  /** Attaches what the pool may say; the wire may be gone before it ever is welcome. */
  attach(wire: Wire): void
  online(wire: Wire, welcome: Welcome): void
  offline(): void
  /** True: try again later. */
  refused(refusal: Refusal): boolean
}

/** Keeps one connection to the pool: handshake, breaks, backoff. Knows nothing of work. */
export function createLink(ports: Pick<SessionPorts, 'connect' | 'clock' | 'random' | 'notify'>, owner: LinkOwner) {
  const { clock } = ports
  const backoff = createBackoff(ports.random)
  let wire: Wire | undefined
  let state: LinkState = { type: 'connecting' }
  let cancelTimer = () => {}

  function become(next: LinkState) {
    state = next
    ports.notify({ type: 'changed' })
  }

  function open() {
    cancelTimer()
    const mine = ports.connect()
    wire = mine
    const current = () => wire === mine
    cancelTimer = clock.after(ANSWER_MS, () => lost(mine, 'The pool did not answer.'))
    mine.on('connect', () => {
      if (!current()) return
      mine.emit('hello', owner.hello(), (answer) => current() && answered(mine, answer))
    })
    mine.on('connect_error', (error) => lost(mine, error.message))
    mine.on('disconnect', (reason) => lost(mine, reason))
    owner.attach(mine)
  }

  function answered(mine: Wire, answer: Welcome | Refusal) {
    cancelTimer()
    if (answer.type === 'refused') {
      drop()
      if (!owner.refused(answer)) return become({ type: 'closed' })
      wait(answer.message, answer.retryAfterMs ?? (answer.reason === 'busy' ? 0 : REFUSED_AGAIN_MS))
      return
    }
    backoff.reset()
    // Who hears of the new state finds the welcome in place.
    state = { type: 'online' }
    owner.online(mine, answer)
    ports.notify({ type: 'changed' })
  }

  function lost(mine: Wire, why: string) {
    if (wire !== mine) return
    drop()
    wait(why, 0)
  }

  function broken(why: string) {
    become({ type: 'reconnecting', sinceMs: state.type === 'reconnecting' ? state.sinceMs : clock.wall(), why })
  }

  /** Reconnects after the backoff, later if the pool asked for that. */
  function wait(why: string, leastMs: number) {
    broken(why)
    const young = state.type === 'reconnecting' && clock.wall() - state.sinceMs < YOUNG_MS
    cancelTimer = clock.after(leastMs + (young ? backoff.nextMs(YOUNG_CAP_MS) : backoff.nextMs()), open)
  }

  function drop() {
    cancelTimer()
    const old = wire
    wire = undefined
    if (!old) return
    old.disconnect()
    if (state.type === 'online') owner.offline()
  }

  return {
    state: () => state,
    open,
    /** Something outside suggests that a connection may work now: try at once, unless there is one. */
    nudge() {
      if (state.type !== 'reconnecting' || wire) return
      open()
    },
    /** This connection is stale, or says hello as somebody else. */
    renew() {
      if (state.type === 'closed') return
      drop()
      wait('', 0)
    },
    close() {
      drop()
      become({ type: 'closed' })
    },
  }
}

/** Of a backoff. */
const FIRST_MS = 100
const CAP_MS = 30_000

/**
 * Waits between attempts: random between 100 ms and four times the last one, capped, for ever. Random so that a room
 * full of devices does not come back to a restarted pool in one instant.
 */
export function createBackoff(random: () => number) {
  let lastMs = FIRST_MS
  return {
    nextMs(capMs = CAP_MS): number {
      const upMs = Math.min(capMs, lastMs * 4)
      lastMs = FIRST_MS + random() * (upMs - FIRST_MS)
      return lastMs
    },
    reset() {
      lastMs = FIRST_MS
    },
  }
}

const CONNECT_MS = 10_000

/**
 * One attempt to reach the pool at `origin`; it never reconnects by itself. `pack` makes of bytes what the parser of this
 * platform sends as binary: it takes ArrayBuffers in browsers and Buffers in Node, and mangles everything else.
 */
export function connectTo(origin: string, pack: (bytes: Uint8Array) => unknown): Wire {
  const socket: Socket<CoordinatorToDevice, DeviceToCoordinator> = io(`${origin}/device`, {
    parser,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_MS,
  })
  return {
    on: (name: string, listener: (...args: never[]) => void) => socket.on(name as 'tell', listener),
    emit(name, ...args) {
      const [first, ...rest] = args as unknown[]
      socket.emit(name, ...([name === 'result' ? packed(first) : first, ...rest] as never))
    },
    disconnect: () => socket.disconnect(),
  }

  function packed(message: unknown): unknown {
    const { outputs, ...rest } = message as { outputs: readonly Uint8Array[] }
    return { ...rest, outputs: outputs.map(pack) }
  }
}
