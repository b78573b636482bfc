import type { TotalsMessage } from '../protocol/device.ts'
import type { DeviceId, JobId, VolunteerId } from '../protocol/ids.ts'

// What a page may know of the volunteer's runtime and ask of it: `window.poolparty`. Snapshots are immutable and keep
// their identity until something changed, so they go straight into useSyncExternalStore.

/** What the owner lends. */
export interface Power {
  /** 1 … cores. */
  readonly threads: number
  /** Share of the time the threads may compute, 0.05 … 1. */
  readonly duty: number
}

/** One of the volunteer's own tiles, painted on the device without a round trip. */
export interface OwnTile {
  readonly key: number
  readonly job: JobId
  readonly title: string
  readonly index: number
  /** Full picture's pixels per pixel of this preview. */
  readonly step: number
  /** Place in the picture and size, in units of `step` pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** For `new ImageData(rgba, width, height)`. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

export interface Message {
  readonly key: number
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A job this device computes right now. */
export interface Computing {
  readonly job: JobId
  readonly kind: string
  readonly title: string
  /** Threads on it. */
  readonly threads: number
}

/** Work goes on while the link is down; what is finished is kept and sent later. */
export type Link =
  | { readonly type: 'connecting' }
  | { readonly type: 'online' }
  | { readonly type: 'reconnecting'; readonly sinceMs: number; readonly text: string }

/** What every state carries. */
export interface Everywhere {
  /** One sentence for a status region: what happens, why, what to do. The same words before and after hydration. */
  readonly headline: string
  /** Remembered; empty: anonymous. */
  readonly name: string
  readonly power: Power
  /** "2 of 8 cores, half the time". */
  readonly powerText: string
  readonly cores: number
  /** Started with one worker at half duty, watches its heat. */
  readonly phone: boolean
  /** Null until the first welcome. */
  readonly identity: {
    readonly pool: string
    readonly device: DeviceId
    readonly deviceName: string
    readonly volunteer: VolunteerId
    readonly volunteerName: string
    /** The volunteer's secret: typed into another device it makes both one volunteer. */
    readonly recoveryCode: string
  } | null
  /** Credit, pending, tasks, rank, volunteers. Null until the pool said. */
  readonly totals: TotalsMessage | null
  /** Latest last, at most 64. */
  readonly tiles: readonly OwnTile[]
  /** Tasks returned and durable since Start. */
  readonly tasksKept: number
  /** Latest last, at most 5. */
  readonly messages: readonly Message[]
}

/** What a device that has started carries. */
export interface Running {
  readonly link: Link
  /** Jobs on the threads now; empty while idle. */
  readonly computing: readonly Computing[]
  /** Measured share of the whole device over the last ten seconds, 0…1. */
  readonly measured: number
  /** "Measured: 12 % of this laptop." */
  readonly measuredText: string
}

export type VolunteerState = Everywhere &
  (
    | {
        readonly status: 'ready'
        /** Another tab of this browser computes: Start moves the work here. */
        readonly otherTab: boolean
      }
    | { readonly status: 'starting' }
    | ({
        readonly status: 'working'
        /** Why there is nothing to do, in the pool's words; null while there is. */
        readonly idle: string | null
      } & Running)
    | ({
        readonly status: 'paused'
        /** `you`: resume() ends it. The others end by themselves (`pool`: by the admin). */
        readonly by: 'you' | 'pool' | 'battery'
        readonly because: string
      } & Running)
    | ({
        readonly status: 'finishing'
        /** Tasks still being computed or sent. */
        readonly left: number
      } & Running)
    | { readonly status: 'stopped' }
    /** Another tab (or window) of this browser took over; moveHere() brings the work back. */
    | { readonly status: 'elsewhere' }
    /** The pool refused this device, or the browser is too old. `key`: a pool key is needed. */
    | { readonly status: 'refused'; readonly reason: 'key' | 'removed' | 'invalid' | 'unsupported' }
  )

/** Starting wish: what is left out stays as remembered. */
export interface StartWish extends Partial<Power> {
  readonly name?: string
}

/** `window.poolparty`, there before React hydrates. */
export interface PoolParty {
  getState(): VolunteerState
  /** Calls back after every change; returns the way to stop that. */
  subscribe(listener: () => void): () => void
  /** The person pressed Start. Never called by the page itself. */
  start(wish?: StartWish): void
  pause(): void
  resume(): void
  /** Sends what is running, then stops. */
  finish(): void
  /** Stops within a second; what was not finished goes to others at once. */
  stop(): void
  /** Applied within a second. */
  setPower(power: Partial<Power>): void
  rename(name: string): void
  /** Makes this device the volunteer's whose code it is. Returns what is wrong with the code, or null. */
  recover(code: string): string | null
  /** Takes the work over from the other tab. */
  moveHere(): void
  /** React draws from now on: the runtime leaves `data-volunteer-text` spots alone. Buttons stay the runtime's. */
  hydrated(): void
}

declare global {
  interface Window {
    poolparty?: PoolParty
  }
}
