import type { LoggedEvent } from './event-log.ts'

/** An event of a story as a sentence. */
export function tell({ what, device, job, from, to, detail }: LoggedEvent, of: 'job' | 'device'): string {
  const tasks = to - from === 1 ? `Task ${from}` : `Tasks ${from} to ${to - 1}`
  const other = of === 'job' ? (device ? ` by device ${device}` : '') : job ? ` of job ${job}` : ''
  const whom = of === 'job' && device ? ` to device ${device}` : other
  switch (what) {
    case 'lent':
      return `${tasks} lent${whom}${LENT[detail] ?? ''}.`
    case 'returned':
      return `${tasks} returned${other}: ${RETURNED[detail] ?? detail}.`
    case 'dropped':
      return `${tasks}${of === 'job' && device ? `, lent to device ${device},` : other} taken back${detail ? `: ${detail}` : '.'}`
    case 'given back':
      return `${tasks}${of === 'job' && device ? `, lent to device ${device},` : other} free again because ${detail}.`
    case 'handed back':
      return `${tasks} handed back${other}.`
    case 'kept':
      return `${tasks} still held${other} after a reconnection.`
    case 'error':
      return `${tasks} ended with an error${other}: ${detail}`
    case 'invalid':
      return `${tasks} returned${other} with bytes no kernel returns: ${detail}`
    case 'revoked':
      return `${tasks}, accepted${other} before, open again. ${detail}`
    case 'restored':
      return `Restored after a restart with ${to} tasks done.`
    default:
      return `The job was ${what}${detail ? `: ${detail}` : '.'}`
  }
}

const LENT: Readonly<Record<string, string>> = {
  check: ' for another opinion',
  alone: ' alone, because it failed before',
  again: ' a second time, because the first lease is slow',
}

const RETURNED: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  pending: 'kept, waiting for others to agree',
  duplicate: 'this device had returned it before',
  disagrees: 'others agree on a different output',
  'late, agreed': 'decided meanwhile, and the output agrees',
  'late, differs': 'decided meanwhile, and the output differs',
}
