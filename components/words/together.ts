import type { JobView } from '../../protocol/api.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { count } from './count.ts'

/** What the room does or did, for someone who has three seconds. */
export function together(now: PoolNow, job: JobView): string {
  if (job.status === 'done') return `${now.name} made this together`
  if (job.status === 'paused') return 'This is paused'
  if (now.devices === 0) return 'This waits for a device'
  if (now.volunteers === 1) return 'One person is computing this'
  return `${count(now.volunteers, 'person', 'people')} are computing this together`
}
