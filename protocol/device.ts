import * as z from 'zod/mini'
import type { DeviceId, JobId, VolunteerId } from './ids.ts'
import {
  MAX_ERROR_LENGTH,
  MAX_HELD_LEASES,
  MAX_NAME_LENGTH,
  MAX_RESULT_TASKS,
  MAX_THREADS,
  plainText,
} from './limits.ts'

// What a device and the coordinator say to each other: Socket.IO namespace `/device`, msgpack parser,
// websocket transport. Everything a device says is parsed by these schemas and is untrusted.

/** Text that is kept or shown; a device may send anything. */
const text = (most: number) => z.string().check(z.overwrite(plainText), z.maxLength(most))
const token = z.string().check(z.maxLength(600))
const secret = z.string().check(z.minLength(16), z.maxLength(128))
const whole = z.int().check(z.nonnegative())
const share = z.number().check(z.gte(0), z.lte(1))

export const nameSchema = z.string().check(z.overwrite(plainText), z.trim(), z.maxLength(MAX_NAME_LENGTH))
export const threadsSchema = z.int().check(z.gte(1), z.lte(MAX_THREADS))
export const deviceKindSchema = z.enum(['browser', 'agent'])
export type DeviceKind = z.infer<typeof deviceKindSchema>

/** First message of every connection; acknowledged with {@link Welcome} or {@link Refusal}. */
export const helloSchema = z.strictObject({
  protocol: z.int(),
  /** Hash of the runtime script or version of the agent. */
  runtime: text(64),
  /** Secret that makes a returning device the same device; made by the coordinator at the first hello. */
  deviceToken: z.optional(secret),
  /** Secret that makes several devices one volunteer; shown to people as their recovery code. */
  volunteerToken: z.optional(secret),
  /** Empty: anonymous. Absent: keep what is known. */
  name: z.optional(nameSchema),
  kind: deviceKindSchema,
  threads: threadsSchema,
  /** Logical cores the device has. */
  cores: z.int().check(z.gte(1), z.lte(4096)),
  /** For people: "Chrome on Android", "linux arm64, Cortex-A72". */
  platform: text(200),
  /** Pool key, where the pool asks for one. */
  poolKey: z.optional(z.string().check(z.maxLength(200))),
  /** One-time secret of the host's own agent, read from its stdin. */
  hostSecret: z.optional(secret),
  /** Tokens of leases this device still works on. */
  held: z.array(token).check(z.maxLength(MAX_HELD_LEASES)),
})
export type Hello = z.infer<typeof helloSchema>

/** How many more leases the device has room for right now. Replaces what it said before. */
export const askSchema = z.strictObject({ leases: z.int().check(z.gte(0), z.lte(MAX_HELD_LEASES)) })

/** Outputs of the consecutive tasks `from … from + outputs.length − 1` of a lease. Acknowledged when durable, with {@link Verdict}. */
export const resultSchema = z.strictObject({
  lease: token,
  from: whole,
  outputs: z
    .array(z.custom<Uint8Array>((value) => value instanceof Uint8Array))
    .check(z.minLength(1), z.maxLength(MAX_RESULT_TASKS)),
  /** Time the device spent computing these tasks, milliseconds, pauses of a duty cycle left out. */
  computeMs: z.number().check(z.gte(0), z.lte(86_400_000)),
})
export type ResultMessage = z.infer<typeof resultSchema>

/** The worker is on `task` and has done this share of it. At least once a second while computing. */
export const progressSchema = z.strictObject({ lease: token, task: whole, share })
/** The kernel threw on `task`; the rest of the lease is given back. */
export const failedSchema = z.strictObject({
  lease: token,
  task: whole,
  message: text(MAX_ERROR_LENGTH),
})
/** Tasks `from … to−1` of the lease will not be computed by this device (Finish, Pause, fewer threads). */
export const handBackSchema = z.strictObject({ lease: token, from: whole })

/** What the owner chose and the device measures; sent on change and every 60 s. */
export const stateSchema = z.strictObject({
  threads: threadsSchema,
  state: z.enum(['working', 'paused', 'finishing']),
  /** Share of the time the threads may compute, 0…1. */
  duty: share,
  /** Measured share of the whole device, 0…1. */
  measured: z.optional(share),
  temperatureC: z.optional(z.number().check(z.gte(-50), z.lte(200))),
  cpuShare: z.optional(share),
  freeMemoryBytes: z.optional(whole),
})
export type DeviceState = z.infer<typeof stateSchema>

export const renameSchema = z.strictObject({ name: nameSchema })

/** The kernel of a kind, fetched on first use. */
export interface KernelRef {
  readonly hash: string
  /** Path on the pool's origin. */
  readonly url: string
}

export interface Welcome {
  readonly type: 'welcome'
  readonly pool: { readonly name: string }
  readonly device: { readonly id: DeviceId; readonly name: string }
  /** `name` is for showing; `ownName` is what the person calls themselves, empty for nobody named. */
  readonly volunteer: { readonly id: VolunteerId; readonly name: string; readonly ownName: string }
  readonly deviceToken: string
  readonly volunteerToken: string
  /** By kind id. */
  readonly kernels: Readonly<Record<string, KernelRef>>
  /** Of the tokens in `held`, those still lent to this device; the others must be dropped. */
  readonly held: readonly string[]
  /** True when the admin or five failures in a row paused this device; `because` says so in words. */
  readonly paused: boolean
}

export interface Refusal {
  readonly type: 'refused'
  readonly reason: 'protocol' | 'runtime' | 'key' | 'removed' | 'busy' | 'invalid'
  /** A sentence for the person at the device: what was wrong and what to do. */
  readonly message: string
  readonly retryAfterMs?: number
}

/** What a device needs to know of a job, sent with the first lease of it on a connection. */
export interface JobBrief {
  readonly id: JobId
  readonly kind: string
  readonly title: string
  readonly params: unknown
  readonly kernel: KernelRef
  /** Bytes every task of the job reads; fetched once per device and kept by their key: the same key, the same bytes. */
  readonly sharedInput?: {
    readonly url: string
    readonly key: string
    readonly bytes: number
    /** `start`: of these bytes in the file. */
    readonly place?: InputPlace & { readonly start: number }
  }
}

export interface Lease {
  readonly token: string
  readonly job: JobId
  readonly from: number
  readonly to: number
  /** Milliseconds from receipt until the lease expires without progress. */
  readonly deadlineMs: number
  /** One body holding the slices of tasks from … to−1 one after the other. */
  readonly slicedInput?: {
    readonly url: string
    readonly lengths: readonly number[]
    /** `starts`: of the slices in the file. */
    readonly place?: InputPlace & { readonly starts: readonly number[] }
  }
}

/** Where an input stands, told to agents on the pool's own machine: what they can read there need not be sent. */
export interface InputPlace {
  readonly path: string
  /** What the file system knows it by: another file may stand under the same path where the agent runs. */
  readonly identity: string
}

/** Why work a device returned did or did not count. */
export type Verdict =
  | { readonly type: 'accepted' }
  /** Kept; waits for a second device to agree. */
  | { readonly type: 'pending' }
  /** Decided meanwhile by another device; agreeing work is still paid while the job runs. */
  | { readonly type: 'late'; readonly agreed: boolean }
  | { readonly type: 'rejected'; readonly reason: RejectReason; readonly message: string }

export type RejectReason =
  | 'invalid' // bytes no honest kernel returns
  | 'disagrees' // differs from what others returned
  | 'duplicate' // this device's result for the task is already in
  | 'outdated' // computed by another version of the kernel
  | 'unknown-lease' // forged, another device's, or of a job that no longer exists
  | 'not-running' // the job is paused, cancelled, done or failed

/** Acknowledgement of `result`, in task order; sent only after what it says is durable. `busy`: send the same again later. */
export type ResultAck =
  | {
      readonly type: 'kept'
      readonly runs: readonly { readonly from: number; readonly to: number; readonly verdict: Verdict }[]
    }
  | { readonly type: 'busy'; readonly retryAfterMs: number; readonly message: string }

export interface TotalsMessage {
  readonly credit: number
  /** Credit of work kept but not yet accepted. */
  readonly pending: number
  readonly tasks: number
  readonly rank: number
  readonly volunteers: number
}

/** What a device sends. Acknowledgements where named. */
export interface DeviceToCoordinator {
  hello(message: Hello, acknowledge: (answer: Welcome | Refusal) => void): void
  ask(message: z.infer<typeof askSchema>): void
  result(message: ResultMessage, acknowledge: (answer: ResultAck) => void): void
  progress(message: z.infer<typeof progressSchema>): void
  failed(message: z.infer<typeof failedSchema>): void
  handBack(message: z.infer<typeof handBackSchema>): void
  state(message: DeviceState): void
  rename(message: z.infer<typeof renameSchema>): void
  /** The device stops for good: what it holds goes to others at once. */
  bye(): void
}

/** What the coordinator sends to a device. */
export interface CoordinatorToDevice {
  /** `jobs` briefs those jobs of these leases that this connection has not been told of. */
  lend(message: { readonly leases: readonly Lease[]; readonly jobs: readonly JobBrief[] }): void
  /** Drop this lease: its job ended or others finished it. */
  release(message: { readonly lease: string; readonly reason: string }): void
  tell(message: { readonly level: 'info' | 'warn' | 'error'; readonly text: string }): void
  totals(message: TotalsMessage): void
  /** Nothing to lend now; a sentence saying why. */
  idle(message: { readonly because: string }): void
  /** The admin (or five failures in a row) paused or resumed this device. */
  paused(message: { readonly paused: boolean; readonly because: string }): void
  /** Another connection with this device's token took over; this one ends and must not reconnect by itself. */
  replaced(): void
}
