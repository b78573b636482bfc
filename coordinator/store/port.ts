import type { ContributionView, LeaderboardItem, Page, Trust } from '../../protocol/api.ts'
import type { DeviceKind } from '../../protocol/device.ts'
import type { DeviceId, JobId, JobStatus, VolunteerId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { ResultRef } from '../pool/events.ts'
import type { JobProgress, Reputation } from '../pool/job.ts'
import type { Snapshot } from '../pool/pool.ts'

// What the coordinator asks of whatever keeps its data. It speaks jobs, results and credit; nothing of SQL,
// connections or transactions shows through. One contract suite (test/store) runs on every implementation.

export interface Store {
  /** Every job that is not final, with what was decided about it; for the pool's start. */
  load(): Promise<Snapshot>

  /**
   * Makes a batch durable, whole or not at all: outputs first (appended to the job's segment, fsynced), then one transaction.
   * Resolves only when a power cut could not undo it. Rejects with {@link StoreError}; after that the caller drops its
   * pool and loads again.
   */
  commit(batch: Batch): Promise<void>

  /** A new job, durable when it resolves. The pool hears of it afterwards. */
  addJob(job: NewJob): Promise<void>
  job(id: JobId): Promise<JobRecord | undefined>
  /** Newest first. @param query `submitter`: only theirs; `but`: all but theirs */
  jobs(query: {
    limit: number
    cursor?: string
    status?: JobStatus
    submitter?: string
    but?: string
  }): Promise<Page<JobRecord>>
  /** Results and outputs go, ledger lines and their priced total stay. False when there was no such job. */
  deleteJob(id: JobId): Promise<boolean>
  /**
   * Removes outputs of jobs that have been finished for at least `keptMs`, counted from the first of these calls that saw
   * them finished; answers the freed bytes. Credit and facts of the job stay.
   * @param age `ranMs`: how long the pool has run over all its starts; it says no time of day
   */
  forgetOutputs(age: { ranMs: number; keptMs: number }): Promise<number>

  /** Accepted outputs in task order from `from` to `to` (default: all). A missing task ends the stream with {@link OutputsMissing}. */
  outputs(job: JobId, from?: number, to?: number): AsyncIterable<Uint8Array>
  /** Which tasks are accepted and whose output decided them, in task order, as runs; for pictures and "who did what". */
  decided(job: JobId): Promise<readonly DecidedRun[]>
  contributions(job: JobId): Promise<readonly ContributionView[]>
  leaderboard(query: {
    by: 'volunteer' | 'device'
    days: number | null
    now: number
    limit: number
    cursor?: string
  }): Promise<Page<LeaderboardItem>>
  /** Totals of one volunteer over all time, and its place among all. */
  volunteerTotals(id: VolunteerId): Promise<{ credit: number; tasks: number; rank: number; volunteers: number }>

  /** Finds the device that owns this secret (its SHA-256 is what is kept). */
  deviceByToken(tokenHash: string): Promise<DeviceRecord | undefined>
  device(id: DeviceId): Promise<DeviceRecord | undefined>
  devices(query: { limit: number; cursor?: string; seenSince?: number }): Promise<Page<DeviceRecord>>
  volunteerByToken(tokenHash: string): Promise<VolunteerRecord | undefined>
  volunteer(id: VolunteerId): Promise<VolunteerRecord | undefined>
  /** New volunteers and devices, all in one transaction: a room that comes at once costs the disk one write, not one each. */
  saveNewcomers(newcomers: Newcomers): Promise<void>
  saveVolunteer(volunteer: VolunteerRecord): Promise<void>
  /** Inserts or replaces everything but the reputation, which belongs to commits. */
  saveDevice(device: DeviceRecord): Promise<void>

  /** Refused results and revocations kept for "why?", newest first. */
  events(query: { job?: JobId; device?: DeviceId; limit: number }): Promise<readonly { at: number; what: string }[]>

  diskUse(): Promise<{ databaseBytes: number; outputsBytes: number; freeBytes: number }>
  close(): Promise<void>
}

export interface Batch {
  /** Wall time of the commit, ms. */
  readonly at: number
  readonly changes: readonly Change[]
  /** Outputs of every `resultKept` change whose bytes are to be kept, by ref: one array per task of the result message, first task first. */
  readonly outputs: ReadonlyMap<ResultRef, { readonly from: number; readonly outputs: readonly Uint8Array[] }>
}

export interface NewJob {
  readonly id: JobId
  readonly kind: string
  readonly title: string
  /** As parsed by the kind. */
  readonly params: unknown
  readonly kernelHash: string
  readonly taskCount: number
  readonly priority: number
  readonly trust: Trust
  readonly devices: 'all' | 'host'
  readonly submitter: string
  readonly createdAt: number
}

export interface JobRecord extends NewJob {
  readonly progress: JobProgress
  readonly outputBytes: number
  /** Tasks that rest on a device caught lying after the job was done. */
  readonly doubted: number
  /** False once retention removed the outputs. */
  readonly hasOutputs: boolean
}

export interface DecidedRun {
  readonly from: number
  readonly to: number
  readonly device: DeviceId
  readonly volunteer: VolunteerId
}

export interface VolunteerRecord {
  readonly id: VolunteerId
  readonly name: string
  readonly tokenHash: string
  readonly hidden: boolean
  readonly createdAt: number
}

export interface Newcomers {
  readonly volunteers: readonly VolunteerRecord[]
  readonly devices: readonly DeviceRecord[]
}

export interface DeviceRecord {
  readonly id: DeviceId
  readonly volunteer: VolunteerId
  readonly name: string
  readonly kind: DeviceKind
  readonly tokenHash: string
  readonly threads: number
  readonly cores: number
  readonly platform: string
  readonly version: string
  readonly host: boolean
  readonly removed: boolean
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly reputation: Reputation | null
}

/** Thrown by a stream of outputs: this task has no accepted output (yet), or it was removed. */
export class OutputsMissing extends Error {
  override name = 'OutputsMissing'
  readonly job: JobId
  readonly task: number
  constructor(job: JobId, task: number) {
    super(`Task ${task} of job ${job} has no accepted output.`)
    this.job = job
    this.task = task
  }
}

/** The store could not keep what it was given. `sentence` is for people: "The disk is full. Free some space; …" */
export class StoreError extends Error {
  override name = 'StoreError'
  readonly sentence: string
  constructor(sentence: string, cause: unknown) {
    super(sentence, { cause })
    this.sentence = sentence
  }
}
