import type { Jobs } from '../api/jobs.ts'
import type { Api } from '../api/port.ts'
import { ApiProblem } from '../api/problem.ts'
import type { Board, Snapshots } from './snapshots.ts'

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
