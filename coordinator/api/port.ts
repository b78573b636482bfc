import type { Form, RowPlace, RowText } from '../../jobs/define.ts'
import type {
  ContributionView,
  DevicePatch,
  DeviceView,
  Estimate,
  EstimateRequest,
  Explanation,
  FilePreview,
  FileView,
  JobView,
  LeaderboardItem,
  Page,
  Submit,
  VolunteerPatch,
} from '../../protocol/api.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import type { HostFolder } from '../files/host-folder.ts'
import type { LeasedInput } from '../gateway/work.ts'
import type { Prices } from '../prices/port.ts'
import type { DecidedRun } from '../store/port.ts'
import type { Fault } from './faults.ts'
import type { SeriesApi } from './series.ts'
import type { UploadsApi } from './uploads.ts'

/**
 * What pages (server components) and HTTP routes may ask of the running coordinator, and nothing else. Answers are
 * plain data in the shapes of /api/v1. Refusals are thrown as {@link ApiProblem}.
 */
export interface Api {
  now(): Promise<PoolNow>
  about(): Promise<About>
  submit(request: Submit, submitter: string): Promise<JobView>
  /** What a kind says of the params in a request that cannot be submitted anyway, each at its field. */
  wrongParams(request: unknown): readonly Fault[]
  estimate(request: EstimateRequest): Promise<Estimate>
  jobs(query: { limit: number; cursor?: string; status?: JobView['status'] }): Promise<Page<JobView>>
  /** With `wait`: once it has ended, at the latest after so many seconds. */
  job(id: JobId, wait?: number): Promise<JobView>
  act(id: JobId, action: 'pause' | 'resume' | 'cancel' | 'accept-unchecked' | 'run-again'): Promise<JobView>
  prioritise(id: JobId, priority: number): Promise<JobView>
  deleteJob(id: JobId): Promise<void>
  contributions(id: JobId): Promise<readonly ContributionView[]>
  /** Who computed which tasks, for the overlay on a picture. */
  decided(id: JobId): Promise<readonly (DecidedRun & { volunteerName: string })[]>
  result(id: JobId, format: Form): Promise<Download>
  /** Rows of what a job reads, as they stand there; those that are not there are left out. For the admin's eyes. */
  rows(id: JobId, places: readonly RowPlace[]): Promise<readonly RowText[]>
  /** The picture so far, at most 1024 pixels wide or high; undefined for kinds without one. */
  preview(id: JobId): Promise<Uint8Array | undefined>
  leaderboard(query: {
    by: 'volunteer' | 'device'
    window: 'day' | 'week' | 'all'
    limit: number
    cursor?: string
  }): Promise<Page<LeaderboardItem>>
  devices(query: { limit: number; cursor?: string }): Promise<Page<DeviceView>>
  patchDevice(id: DeviceId, patch: DevicePatch): Promise<DeviceView>
  patchVolunteer(id: VolunteerId, patch: VolunteerPatch): Promise<void>
  explain(subject: { job: JobId; task?: number } | { device: DeviceId }): Promise<Explanation>
  host(): Promise<{ working: boolean; threads: number }>
  setHost(working: boolean): Promise<void>
  readonly series: SeriesApi
  /** Running prices; null where the pool was started without. */
  readonly prices: Omit<Prices, 'close'> | null
  /** Keeps a body as a file of this pool; `created` is false when its content was here already. */
  putFile(
    body: AsyncIterable<Uint8Array>,
    about: { name: string; bytes?: number },
  ): Promise<{ file: FileView; created: boolean }>
  /** The same for a file on the host, under the folder this pool may read. */
  adoptFile(path: string): Promise<{ file: FileView; created: boolean }>
  /** That folder and files right in it, by name; null: none is allowed. */
  hostFolder(): Promise<HostFolder | null>
  /** Files on their way here in pieces. */
  readonly uploads: UploadsApi
  /** Newest first. */
  files(): Promise<readonly FileView[]>
  file(id: string): Promise<FileView>
  /** Refused while a job that has not ended reads it. */
  deleteFile(id: string): Promise<void>
  /** What a job would make of a file: its beginning as the kind reads it. @param params those of the kind, without the file */
  previewFile(id: string, params: Readonly<Record<string, unknown>>, kind?: string): Promise<FilePreview>
  /** What the tasks of a lease read. @param token the lease's */
  leasedInput(token: string): Promise<LeasedInput>
  diskUse(): Promise<{ databaseBytes: number; outputsBytes: number; freeBytes: number }>
  /** True when this Cookie header carries a live admin session. */
  isAdmin(cookieHeader: string | null): boolean
  /** True when this Cookie header may see this pool: no pool key is asked for, or it was given, or an admin's. */
  mayEnter(cookieHeader: string | null): boolean
}

export interface About {
  readonly name: string
  /** Ends with `#key=…` where the pool asks for a key: for the admin's eyes, and screens the admin unlocked. */
  readonly joinUrl: string
  /** What lends a machine from its command line, the key in it likewise; null where no agent was built. */
  readonly agentCommand: string | null
  readonly urls: readonly string[]
  readonly poolKeyNeeded: boolean
  readonly version: string
}

export interface Download {
  readonly contentType: string
  readonly fileName: string
  readonly sizeBytes?: number
  readonly body: AsyncIterable<Uint8Array>
  /** Nobody reads on: frees what stands behind the body, wherever it is. */
  close(): void
}

/** A refusal with its HTTP status and words for people. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503 | 507
  readonly errors: readonly Fault[]
  readonly extra: Readonly<Record<string, unknown>>
  constructor(
    status: ApiProblem['status'],
    detail: string,
    errors: ApiProblem['errors'] = [],
    extra: ApiProblem['extra'] = {},
  ) {
    super(detail)
    this.status = status
    this.errors = errors
    this.extra = extra
  }
}
