import type { Step } from './steps.ts'

// What random steps hardly ever come to.

const everybodyFails = (...by: ('a' | 'b' | 'c' | 'd' | 'e')[]): Step => ({ do: 'failAll', by, times: 3 })

/** A device returns one lease and only reports on the next. */
export const STAYS: readonly Step[] = [
  { do: 'submit', job: 'j0', trust: 'fast', count: 4 },
  { do: 'join', device: 'e', known: true, keeps: false },
  { do: 'ask', device: 'e', leases: 1 },
  { do: 'pass', ms: 1000 },
  { do: 'give', device: 'e', nth: 0, part: 3, says: 'truth' },
  { do: 'ask', device: 'e', leases: 1 },
  { do: 'linger', device: 'e', nth: 0 },
]

/** One is busy elsewhere while two of one network and a third fail. */
export const CROWD: readonly Step[] = [
  { do: 'submit', job: 'j1', trust: 'fast', count: 1 },
  { do: 'join', device: 'e', known: true, keeps: false },
  { do: 'ask', device: 'e', leases: 1 },
  { do: 'join', device: 'c', known: true, keeps: false },
  { do: 'join', device: 'd', known: true, keeps: false },
  { do: 'join', device: 'a', known: true, keeps: false },
  { do: 'submit', job: 'j0', trust: 'fast', count: 1 },
  everybodyFails('c', 'd', 'a'),
  everybodyFails('c', 'd', 'a'),
  everybodyFails('c', 'd', 'a'),
]

/** Three independent devices fail; the host is here and has not tried. */
export const HOST_THERE: readonly Step[] = [
  { do: 'submit', job: 'j0', trust: 'fast', count: 1 },
  { do: 'join', device: 'host', known: true, keeps: false },
  { do: 'join', device: 'a', known: true, keeps: false },
  { do: 'join', device: 'c', known: true, keeps: false },
  { do: 'join', device: 'e', known: true, keeps: false },
  everybodyFails('a', 'c', 'e'),
  everybodyFails('a', 'c', 'e'),
  everybodyFails('a', 'c', 'e'),
]

/** A device with two leases lies in one, and the host sees it. */
export const CAUGHT: readonly Step[] = [
  { do: 'submit', job: 'j0', trust: 'strict', count: 4 },
  { do: 'join', device: 'a', known: true, keeps: false },
  { do: 'ask', device: 'a', leases: 2 },
  { do: 'give', device: 'a', nth: 0, part: 3, says: 'own' },
  { do: 'join', device: 'host', known: true, keeps: false },
  { do: 'ask', device: 'host', leases: 1 },
  { do: 'give', device: 'host', nth: 0, part: 3, says: 'truth' },
]

/** The host overrules what a known device decided, then the coordinator restarts. */
export const OVERRULED: readonly Step[] = [
  { do: 'submit', job: 'j0', trust: 'normal', count: 3 },
  { do: 'join', device: 'host', known: true, keeps: false },
  { do: 'ask', device: 'host', leases: 1 },
  { do: 'pass', ms: 20_000 },
  { do: 'join', device: 'a', known: true, keeps: false },
  { do: 'ask', device: 'a', leases: 1 },
  { do: 'give', device: 'a', nth: 0, part: 3, says: 'own' },
  { do: 'resend', device: 'host', nth: 0, says: 'truth' },
  { do: 'restart' },
]
