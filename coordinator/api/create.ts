import type { JobId } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { joinLink } from '../addresses.ts'
import type { Committer } from '../committer/committer.ts'
import type { Directory } from '../devices/connection.ts'
import type { HostFolder } from '../inputs/host-folder.ts'
import type { LeasedInput } from '../inputs/work.ts'
import type { JobRecord, Store } from '../store/port.ts'
import type { createDownloads } from './downloads.ts'
import type { createEstimate } from './estimate.ts'
import type { createExplain } from './explain.ts'
import type { FilesApi } from './files.ts'
import { type Jobs, SYSTEM_SUBMITTER } from './jobs.ts'
import type { People } from './people.ts'
import type { Api } from './port.ts'
import { ApiProblem } from './problem.ts'
import type { UploadsApi } from './uploads.ts'

export interface ApiParts {
  readonly store: Store
  readonly committer: Committer
  readonly directory: Directory
  readonly jobs: Jobs
  readonly people: People
  readonly downloads: ReturnType<typeof createDownloads>
  readonly explain: ReturnType<typeof createExplain>
  readonly applications: Readonly<Record<string, unknown>>
  readonly files: FilesApi
  readonly uploads: UploadsApi
  hostFolder(): Promise<HostFolder | null>
  leasedInput(token: string): LeasedInput
  readonly estimate: ReturnType<typeof createEstimate>
  readonly pool: {
    readonly name: string
    readonly key: string | null
    readonly version: string
    readonly agentCommand: string | null
  }
  urls(): readonly string[]
  host: { state(): { working: boolean; threads: number }; set(working: boolean): Promise<void> }
  isAdmin(cookieHeader: string | null): boolean
  mayEnter(cookieHeader: string | null): boolean
}

/** What pages and routes ask, over the store, the pool and the gateway. */
export function createApi(parts: ApiParts): Api {
  const { store, committer, directory, jobs, people, downloads, explain, pool } = parts

  /** The job most worth looking at: one that moves, else one that waits, else the last one done. */
  async function showing(): Promise<JobRecord | null> {
    const open = jobs.asked() ?? []
    const best =
      open.find((job) => job.status === 'running') ??
      open.find((job) => job.status === 'queued') ??
      open.find((job) => job.status === 'paused')
    const record = best && (await store.job(best.id))
    if (record) return record
    return (await store.jobs({ limit: 1, status: 'done', but: SYSTEM_SUBMITTER })).items[0] ?? null
  }

  return {
    async now(): Promise<PoolNow> {
      const people = new Set<string>()
      let threads = 0
      for (const connection of directory.all()) {
        people.add(connection.volunteer.id)
        threads += connection.threads
      }
      const record = await showing()
      return {
        name: pool.name,
        devices: directory.size,
        volunteers: people.size,
        threads,
        showing: record && jobs.view(record),
        trouble: committer.error(),
      }
    },
    async about() {
      const urls = parts.urls()
      const joinUrl = joinLink(urls[0] ?? '', pool.key)
      const { name, version, agentCommand } = pool
      return { name, joinUrl, agentCommand, urls, poolKeyNeeded: pool.key !== null, version }
    },
    submit: jobs.submit,
    wrongParams: jobs.wrongParams,
    estimate: parts.estimate,
    async jobs(query) {
      const page = await store.jobs({ ...query, but: SYSTEM_SUBMITTER })
      return { ...page, items: page.items.map(jobs.view) }
    },
    job: (id, wait = 0) => jobs.look(id, wait),
    act: jobs.act,
    prioritise: jobs.prioritise,
    deleteJob: jobs.deleteJob,
    async contributions(id: JobId) {
      await jobs.record(id)
      return people.nameContributions(await store.contributions(id))
    },
    async decided(id: JobId) {
      await jobs.record(id)
      return people.nameDecided(await store.decided(id))
    },
    result: downloads.result,
    rows: downloads.rows,
    preview: downloads.preview,
    leaderboard: people.leaderboard,
    devices: people.devices,
    patchDevice: people.patchDevice,
    patchVolunteer: people.patchVolunteer,
    explain,
    host: async () => parts.host.state(),
    async setHost(working) {
      await parts.host.set(working).catch((error: Error & { sentence?: string }) => {
        throw new ApiProblem(503, error.sentence ?? 'The choice could not be kept. Try again in a moment.')
      })
    },
    applications: parts.applications,
    ...parts.files,
    uploads: parts.uploads,
    hostFolder: parts.hostFolder,
    leasedInput: async (token) => parts.leasedInput(token),
    diskUse: () => store.diskUse(),
    isAdmin: parts.isAdmin,
    mayEnter: parts.mayEnter,
  }
}
