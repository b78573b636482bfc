import type { PoolNow } from '../../protocol/live.ts'
import { count } from './count.ts'

/** What the room does, for someone who has three seconds. */
export function together(now: PoolNow): string {
  if (now.devices === 0) return 'This waits for a device'
  if (now.volunteers === 1) return 'One person is computing this'
  return `${count(now.volunteers, 'person', 'people')} are computing this together`
}
