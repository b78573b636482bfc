import type { DeviceView, JobView } from '../../protocol/api.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { LiveToPage, PoolNow } from '../../protocol/live.ts'

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
