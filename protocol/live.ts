import type { DeviceView, JobView, LeaderboardItem } from './api.ts'
import type { DeviceId, JobId, VolunteerId } from './ids.ts'

// What pages watch: Socket.IO namespace `/live`, same parser. A page says `watch` with the topics it
// wants (replacing what it watched); every topic answers with a full snapshot at once and changes later, so a page that
// reconnects needs nothing else.

/** `pool`, `jobs`, `leaderboard`, `job:<id>`; `devices` needs the admin cookie. */
export type Topic = 'pool' | 'jobs' | 'leaderboard' | 'devices' | `job:${string}`

/** A preview (`GET /api/v1/jobs/:id/preview`, a PNG with alpha where nothing has landed yet) is at most this wide or high. */
export const PREVIEW_PIXELS = 1024

/** A preview shows every how many-th pixel of the full picture. Its size is ⌈width ÷ step⌉ × ⌈height ÷ step⌉. */
export function previewStep(size: { readonly width: number; readonly height: number }): number {
  return Math.max(1, Math.ceil(Math.max(size.width, size.height) / PREVIEW_PIXELS))
}

/** A piece of a job's picture that has just landed. */
export interface TileMessage {
  readonly job: JobId
  readonly index: number
  readonly device: DeviceId
  readonly volunteer: VolunteerId
  readonly volunteerName: string
  /** Where it goes in the preview, preview pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** A PNG of width × height. */
  readonly png: Uint8Array
}

export interface PoolNow {
  readonly name: string
  readonly devices: number
  readonly volunteers: number
  readonly threads: number
  /** The job most worth looking at: running first, else the last one done. */
  readonly showing: JobView | null
  /** Set while results cannot be kept, for example "The disk is full. …" */
  readonly trouble: string | null
}

export interface LiveToPage {
  pool(now: PoolNow): void
  jobs(items: readonly JobView[]): void
  leaderboard(boards: {
    readonly window: 'day' | 'week' | 'all'
    readonly by: 'volunteer' | 'device'
    readonly items: readonly LeaderboardItem[]
  }): void
  devices(items: readonly DeviceView[]): void
  job(job: JobView): void
  tile(tile: TileMessage): void
}

export interface PageToLive {
  watch(topics: readonly Topic[]): void
}
