import type { CoordinatorToDevice, DeviceToCoordinator, InputPlace } from '../../protocol/device.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { Load, PaintedTile, Prepare, PrepareEnd, Report, Stretch, StretchEnd } from '../compute/messages.ts'

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

/** One thread that runs kernels. Its calls reject when the thread dies; after `terminate` they may stay pending for ever. */
export interface Thread {
  /** A kernel ahead of its jobs; what goes wrong is told by `prepare`. */
  load(order: Load): void
  prepare(order: Prepare): Promise<PrepareEnd>
  run(stretch: Stretch, report: (report: Report) => void): Promise<StretchEnd>
  terminate(): void
}
