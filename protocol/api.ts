import * as z from 'zod/mini'
import type { DeviceId, JobId, JobStatus, VolunteerId } from './ids.ts'

// The shapes of /api/v1: requests as schemas (they parse, and openapi.json is derived from them), answers as types.

export const trustSchema = z.union(
  [
    z.enum(['fast', 'normal', 'strict']),
    z.strictObject({
      maxWrong: z
        .number('maxWrong must be a number between 0.000001 and 0.5.')
        .check(z.gte(0.000001, 'maxWrong must be at least 0.000001.'), z.lte(0.5, 'maxWrong must be at most 0.5.')),
    }),
  ],
  'Trust must be "fast", "normal", "strict" or { "maxWrong": 0.01 }, from 0.000001 to 0.5.',
)
export type Trust = z.infer<typeof trustSchema>

const prioritySchema = z
  .int('Priority must be a whole number from -10 to 10.')
  .check(
    z.gte(-10, 'Priority must be a whole number from -10 to 10.'),
    z.lte(10, 'Priority must be a whole number from -10 to 10.'),
  )

const devices = z.optional(z.enum(['all', 'host']))
export const submitSchema = z.strictObject({
  kind: z.string('kind must be the name of a kind, for example "fractal".'),
  /** Parsed by the kind's own schema. */
  params: z.unknown(),
  priority: z.optional(prioritySchema),
  trust: z.optional(trustSchema),
  devices,
})
export type Submit = z.infer<typeof submitSchema>

export const jobPatchSchema = z.strictObject({ priority: prioritySchema })
export const devicePatchSchema = z.strictObject({
  name: z.optional(z.string().check(z.trim(), z.maxLength(40))),
  paused: z.optional(z.boolean()),
  removed: z.optional(z.boolean()),
})
export type DevicePatch = z.infer<typeof devicePatchSchema>
export const volunteerPatchSchema = z.strictObject({
  name: z.optional(z.string().check(z.trim(), z.maxLength(40))),
  /** Hidden volunteers stand on no public page; their work stays. */
  hidden: z.optional(z.boolean()),
})
export type VolunteerPatch = z.infer<typeof volunteerPatchSchema>
/** The host's own agent: how many threads it lends, or none. */
export const hostPatchSchema = z.strictObject({ working: z.boolean() })
export const loginSchema = z.strictObject({ key: z.string().check(z.maxLength(200)) })
/** A dry run: title, task count and estimate of params before they are submitted. */
export const estimateSchema = z.strictObject({
  kind: z.string(),
  params: z.unknown(),
  devices,
})
export type EstimateRequest = z.infer<typeof estimateSchema>

/** A job as `/api/v1` shows it. Times are ISO 8601 UTC. */
export interface JobView {
  readonly id: JobId
  readonly kind: string
  readonly title: string
  readonly params: unknown
  readonly status: JobStatus
  readonly priority: number
  readonly trust: Trust
  readonly devices: 'all' | 'host'
  readonly taskCount: number
  readonly tasksDone: number
  readonly createdAt: string
  readonly startedAt?: string
  readonly finishedAt?: string
  /** Why it failed, with the task and the kernel's message. */
  readonly error?: string
  /** A sentence while it is not progressing. */
  readonly waiting?: string
  /** Tasks accepted without the check their trust asked for, after the admin said so. */
  readonly unchecked?: number
  /** Tasks of a finished job that rest on a device caught lying since; running it again is offered. */
  readonly doubted?: number
  /** Credit of accepted work so far. */
  readonly credit: number
  /** Credit of work kept but not yet accepted. */
  readonly pendingCredit: number
  /** Results computed beyond one per task, as a share of tasks: expected from the trust rule and measured. */
  readonly overhead: { readonly expected: number; readonly measured: number }
  /** Seconds until done at the present pace; absent when unknown. */
  readonly secondsLeft?: number
  /** Results computed so far, for people to download once done. */
  readonly outputBytes: number
}

export const adoptSchema = z.strictObject({
  path: z.string('path must be the path of a file under the folder this pool may read.').check(z.maxLength(4096)),
})

/** A file of this pool. Positions in results count bytes of the text that is kept: UTF-8, unpacked. */
export interface FileView {
  readonly id: string
  readonly name: string
  /** Of the body as sent. */
  readonly bytes: number
  /** Of the body as sent. */
  readonly sha256: string
  readonly storedBytes: number
  readonly compression: 'none' | 'gzip' | 'zstd'
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'
  /** Bytes that were no text in this encoding and became U+FFFD. */
  readonly replaced: number
  readonly rows: number
  readonly createdAt: string
  /** Jobs that name it, newest first. */
  readonly usedBy: readonly FileUse[]
}

export interface FileUse {
  readonly id: JobId
  readonly title: string
  /** One that has not ended needs the file. */
  readonly ended: boolean
}

/**
 * A file on its way here in pieces (tus). `receiving`: the rest may be sent; `importing`: it is all here and is unpacked,
 * checked and indexed; `kept`: it has become a file; `refused`: it could not, for a reason in words.
 */
export type UploadView = {
  readonly id: string
  readonly name: string
  /** Of the whole. */
  readonly bytes: number
  /** When its sender says its file was last changed, milliseconds since 1970. */
  readonly modified: string | null
  readonly createdAt: string
  /** When it is forgotten, if the pool runs until then; later by every pause in between. */
  readonly expiresAt: string
} & (
  | { readonly state: 'receiving'; readonly receivedBytes: number }
  | { readonly state: 'importing'; readonly importedBytes: number }
  | { readonly state: 'kept'; readonly file: string }
  | { readonly state: 'refused'; readonly problem: string }
)

export interface FilePreview {
  readonly kind: string
  readonly file: Omit<FileView, 'usedBy'>
  /** What stands in its beginning and what was guessed, in the kind's own shape. */
  readonly preview: unknown
  /** Why a job of these params would be refused; empty when it would not. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  /** Of the one pass over the file that a job of these params would begin with; absent where it has been made. */
  readonly passSeconds?: number
}

export interface VolunteerRef {
  readonly id: VolunteerId
  readonly name: string
}

export interface ContributionView {
  readonly volunteer: VolunteerRef
  readonly device: { readonly id: DeviceId; readonly name: string; readonly kind: 'browser' | 'agent' }
  readonly tasks: number
  readonly credit: number
  /** 0…1 of the job's credit. */
  readonly share: number
  readonly computeMs: number
}

export interface LeaderboardItem {
  readonly rank: number
  readonly id: VolunteerId | DeviceId
  readonly name: string
  readonly credit: number
  readonly tasks: number
  /** Recent average credit per day, half-life seven days. */
  readonly recent: number
}

export interface DeviceView {
  readonly id: DeviceId
  readonly volunteer: VolunteerRef
  /** Its volunteer stands on no public page. */
  readonly hidden: boolean
  readonly name: string
  readonly kind: 'browser' | 'agent'
  readonly threads: number
  /** Relative speed, 1 = the median of devices seen lately; 0 while unknown. */
  readonly speed: number
  readonly state: 'working' | 'idle' | 'paused' | 'away' | 'removed'
  readonly lastSeen: string
  readonly version: string
  readonly platform: string
  readonly host: boolean
  readonly busyThreads: number
  readonly temperatureC?: number
}

/** Why something is as it is. */
export interface Explanation {
  readonly because: readonly string[]
  readonly events: readonly { readonly at: string; readonly what: string }[]
}

export interface Estimate {
  readonly title: string
  /** Absent where a pass over its input must come first. */
  readonly taskCount?: number
  /** Seconds with the devices here now; absent when nothing was measured yet. */
  readonly seconds?: number
  /** Devices here that may compute it. */
  readonly devices: number
  /** Of the one pass over its input that the host makes when it is submitted; absent where it has been made. */
  readonly passSeconds?: number
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Cursor of the next page, or null. */
  readonly next: string | null
}

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** A price series that btc jobs can be computed from. */
export interface SeriesView {
  readonly id: string
  readonly name: string
  readonly points: number
  readonly from: string
  readonly to: string
  /** Rows left out, and why. */
  readonly skipped: number
  readonly reasons: Readonly<Record<'unreadable' | 'price' | 'duplicate' | 'spike', number>>
  /** Shown, not left out: gaps of a day or more, and rows that stood before an earlier one. */
  readonly gaps: number
  readonly outOfOrder: number
  readonly synthetic: boolean
  readonly createdAt: string
}
