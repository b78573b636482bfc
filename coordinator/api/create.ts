import type { ContributionView, JobView, Page } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { createLeasedInput, type LeasedInputParts } from '../inputs/lease-input.ts'
import { ApiProblem } from '../problem.ts'
import type { JobRecord } from '../store/port.ts'
import { joinLink } from '../terminal.ts'
import { createDownloads, type DownloadParts } from './downloads.ts'
import { createEstimate, type EstimateParts } from './estimate.ts'
import { createExplain, type ExplainParts } from './explain.ts'
import { createFilesApi, type FileParts } from './files.ts'
import { createJobs, type JobParts, SYSTEM_SUBMITTER } from './jobs.ts'
import { createPeople, type PeopleParts } from './people.ts'

type Parts = JobParts & PeopleParts & DownloadParts & ExplainParts & EstimateParts & FileParts & LeasedInputParts & Own

interface Own {
  readonly pool: {
    readonly name: string
    readonly key: string | null
    readonly version: string
    readonly agentCommand: string | null
    readonly urls: readonly string[]
  }
  /** What applications give their own pages, by the application's name. */
  readonly applications: Readonly<Record<string, unknown>>
  readonly host: { state(): { working: boolean; threads: number }; set(working: boolean): Promise<void> }
  isAdmin(cookieHeader: string | null): boolean
  mayEnter(cookieHeader: string | null): boolean
}

/**
 * What pages (server components) and HTTP routes may ask of the running coordinator, and nothing else. Answers are
 * plain data in the shapes of /api/v1. Refusals are thrown as {@link ApiProblem} or FileProblem.
 */
export type Api = ReturnType<typeof createApi>['api']

/** Beside the API what applications and live pages are made of. */
export function createApi(parts: Parts) {
  const { store, committer, directory, pool, host } = parts
  const jobs = createJobs(parts)
  const people = createPeople(parts)
  const downloads = createDownloads(parts, jobs)

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

  async function contributions(id: JobId): Promise<readonly ContributionView[]> {
    return people.nameContributions(await store.contributions(id))
  }

  const api = {
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
    async about(): Promise<About> {
      const { name, key, version, agentCommand, urls } = pool
      const joinUrl = joinLink(urls[0] ?? '', key)
      return { name, joinUrl, agentCommand, urls, poolKeyNeeded: key !== null, version }
    },
    submit: jobs.submit,
    wrongParams: jobs.wrongParams,
    estimate: createEstimate(parts, jobs),
    async jobs(query: { limit: number; cursor?: string; status?: JobView['status'] }): Promise<Page<JobView>> {
      const page = await store.jobs({ ...query, but: SYSTEM_SUBMITTER })
      return { ...page, items: page.items.map(jobs.view) }
    },
    job: jobs.look,
    act: jobs.act,
    prioritise: jobs.prioritise,
    deleteJob: jobs.deleteJob,
    async contributions(id: JobId) {
      await jobs.record(id)
      return contributions(id)
    },
    /** Who computed which tasks, for the overlay on a picture. */
    async decided(id: JobId) {
      await jobs.record(id)
      return people.nameDecided(await store.decided(id))
    },
    ...downloads,
    leaderboard: people.leaderboard,
    devices: people.devices,
    patchDevice: people.patchDevice,
    patchVolunteer: people.patchVolunteer,
    explain: createExplain(parts, jobs, people),
    host: async () => host.state(),
    async setHost(working: boolean): Promise<void> {
      await host.set(working).catch((error: Error & { sentence?: string }) => {
        throw new ApiProblem(503, error.sentence ?? 'The choice could not be kept. Try again in a moment.')
      })
    },
    applications: parts.applications,
    ...createFilesApi(parts),
    hostFolder: parts.files.hostFolder,
    /** What the tasks of a lease read. */
    leasedInput: createLeasedInput(parts),
    diskUse: () => store.diskUse(),
    /** True when this Cookie header carries a live admin session. */
    isAdmin: parts.isAdmin,
    /** True when this Cookie header may see this pool: no pool key is asked for, or it was given, or an admin's. */
    mayEnter: parts.mayEnter,
  }
  return { api, jobs, downloads, contributions }
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
