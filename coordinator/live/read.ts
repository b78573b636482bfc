import type { DeviceView, JobView } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { LiveToPage, PoolNow } from '../../protocol/live.ts'
import type { Api } from '../api/create.ts'
import type { Jobs } from '../api/jobs.ts'
import { ApiProblem } from '../problem.ts'

/** As many as a page shows without asking for more. */
const JOBS = 50
const RANKS = 50
const DEVICES = 500

/** Live topics say what the API says. */
export function readSnapshots(api: Api, jobs: Jobs): Snapshots {
  const unlessGone = (error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null
    throw error
  }
  return {
    pool: () => api.now(),
    jobs: async () => (await api.jobs({ limit: JOBS })).items,
    devices: async () => (await api.devices({ limit: DEVICES })).items,
    job: (id) => api.job(id).catch(unlessGone),
    async leaderboards() {
      const boards: Board[] = []
      for (const window of ['day', 'week', 'all'] as const)
        for (const by of ['volunteer', 'device'] as const)
          boards.push({ window, by, items: (await api.leaderboard({ by, window, limit: RANKS })).items })
      return boards
    },
    async picture(id) {
      const record = await jobs.record(id).catch(unlessGone)
      const job = record && jobs.known(record)
      if (!job?.kind.picture) return null
      const png = await api.preview(id)
      return png ? { size: job.kind.picture.size(job.facts.params), png: png as Uint8Array<ArrayBuffer> } : null
    },
  }
}

export type Board = Parameters<LiveToPage['leaderboard']>[0]

/** Where the live topics read their state; the same answers as the API's. */
export interface Snapshots {
  pool(): Promise<PoolNow>
  jobs(): Promise<readonly JobView[]>
  leaderboards(): Promise<readonly Board[]>
  devices(): Promise<readonly DeviceView[]>
  job(id: JobId): Promise<JobView | null>
  picture(
    id: JobId,
  ): Promise<{ readonly size: { width: number; height: number }; readonly png: Uint8Array<ArrayBuffer> } | null>
}
