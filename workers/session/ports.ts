import type {
  CoordinatorToDevice,
  DeviceKind,
  DeviceToCoordinator,
  InputPlace,
  Refusal,
  TotalsMessage,
  Welcome,
} from '../../protocol/device.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { PaintedTile, Thread } from '../compute/thread.ts'
import type { Computing, Power } from '../state.ts'

/** Secrets the pool gave; absent before the first welcome. */
export interface Identity {
  readonly deviceToken?: string
  readonly volunteerToken?: string
}

// Everything the session needs of the place it runs in. A browser's worker, the agent and the tests each bring their own.

export interface SessionPorts {
  /** A new connection attempt to the pool; what becomes of it is told by its events. */
  connect(): Wire
  /** A thread that is starting up. */
  spawn(): Thread
  readonly clock: Clock
  /** 0 ≤ x < 1, for the backoff. */
  random(): number
  /** The bytes at a path of the pool's origin; rejects for anything but success. */
  fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>>
  /** Inputs that stand on this device; absent where nothing can be read. */
  readonly disk?: Disk
  /** Tells the owner what happened. Called synchronously; `changed` is cheap and frequent. */
  notify(event: SessionEvent): void
}

export type SessionEvent =
  | { readonly type: 'changed' }
  | { readonly type: 'message'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  /** The secrets to remember: the same device and volunteer next time. */
  | { readonly type: 'welcomed'; readonly identity: Identity; readonly name: string }
  | { readonly type: 'painted'; readonly job: JobId; readonly title: string; readonly tile: PaintedTile }
  /** The pool speaks another version: reload or update. */
  | { readonly type: 'outdated'; readonly text: string }
  /** Nothing more will happen; the phase says how it ended. */
  | { readonly type: 'ended' }

interface LinkEvents {
  connect(): void
  /** The connection broke or was closed. */
  disconnect(reason: string): void
  connect_error(error: Error): void
}
export type Incoming = CoordinatorToDevice & LinkEvents

/** The part of a Socket.IO socket the session uses. It never reconnects by itself. */
export interface Wire {
  on<Name extends keyof Incoming>(name: Name, listener: Incoming[Name]): unknown
  emit<Name extends keyof DeviceToCoordinator>(name: Name, ...args: Parameters<DeviceToCoordinator[Name]>): unknown
  /** Sends what was emitted, then closes; no event follows. */
  disconnect(): unknown
}

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since 1970; jumps when the device slept or its clock was set. */
  wall(): number
  /** Calls once after this time; returns the way to cancel. */
  after(ms: number, then: () => void): () => void
}

export interface Disk {
  /** Whether this very file can be read here. */
  has(place: InputPlace): Promise<boolean>
  /** So many bytes from `start`. */
  read(place: InputPlace, start: number, bytes: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Who this device is and what it was told to lend, at Start. */
export interface SessionSettings {
  readonly runtime: string
  readonly kind: DeviceKind
  readonly cores: number
  readonly platform: string
  /** For sentences: "browser tab", "machine". */
  readonly calledHere: string
  readonly power: Power
  /** Empty: anonymous. */
  readonly name: string
  /** A person typed the name and no pool has heard it; otherwise it is remembered, and what the pool says counts. */
  readonly nameTyped?: boolean
  readonly identity: Identity
  readonly poolKey?: string
  readonly hostSecret?: string
  /** Someone looks at own tiles. */
  readonly paint: boolean
  /** Halve when hot. */
  readonly watchHeat: boolean
}

export type LinkState =
  | { readonly type: 'connecting' }
  | { readonly type: 'online' }
  | { readonly type: 'reconnecting'; readonly sinceMs: number; readonly why: string }
  | { readonly type: 'closed' }

export type SessionPhase =
  | { readonly type: 'working'; readonly idle: string | null }
  | { readonly type: 'paused'; readonly by: 'you' | 'pool' | 'battery'; readonly because: string }
  | { readonly type: 'finishing' }
  | { readonly type: 'stopped' }
  /** Another connection of this device took over. */
  | { readonly type: 'replaced' }
  | { readonly type: 'refused'; readonly reason: Refusal['reason']; readonly message: string }

/** All that is known of a session at one moment. */
export interface SessionFacts {
  readonly phase: SessionPhase
  readonly link: LinkState
  readonly name: string
  readonly power: Power
  /** The duty after what heat took. */
  readonly duty: number
  readonly computing: readonly Computing[]
  readonly measured: number
  readonly welcome: Welcome | null
  readonly identity: Identity
  readonly totals: TotalsMessage | null
  readonly tasksKept: number
  /** Tasks being computed or not yet acknowledged. */
  readonly left: number
}

export interface Vitals {
  readonly temperatureC?: number
  readonly cpuShare?: number
  readonly freeMemoryBytes?: number
}
