import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { AUDIT_EVERY, isNewcomer, NEWCOMER_LEASES, wrongShare } from './checks.ts'
import { isoOf } from './clock.ts'
import { entriesOf, type LoggedEvent } from './event-log.ts'
import { has } from './intervals.ts'
import type { Case, Contributor, Device, Job } from './job-state.ts'
import { canWork, type PoolState } from './state.ts'
import { ACCEPTED, CERTAIN, deciderOf, OPEN, PENDING, stateOf, UNCHECKED, VALIDATED } from './tasks.ts'
import { idleReason } from './waiting.ts'

/** Why something is as it is, in words, and what happened lately. */
export function explain(
  state: PoolState,
  subject: { readonly job: JobId; readonly task?: number } | { readonly device: DeviceId },
): Explanation | undefined {
  if ('device' in subject) {
    const device = state.devices.get(subject.device)
    return device && answer(state, explainDevice(state, device), entriesOf(device.log), 'device')
  }
  const { task } = subject
  const told = state.jobs.get(subject.job) ?? state.finished.get(subject.job)
  if (!told) return undefined
  const job = state.jobs.get(subject.job)
  const entries = entriesOf(told.log)
  if (task === undefined) {
    const progress = state.finished.get(subject.job)?.progress
    return answer(
      state,
      job ? explainJob(state, job) : [`The job is ${progress?.status}.`, ...(progress?.error ? [progress.error] : [])],
      entries,
      'job',
    )
  }
  const count = job?.spec.taskCount ?? state.finished.get(subject.job)?.progress.taskCount ?? 0
  if (task < 0 || task >= count || !Number.isInteger(task)) return undefined
  const because = job ? explainTask(job, task) : ['The job is over; what happened to single tasks is not kept here.']
  return answer(
    state,
    because,
    entries.filter(({ from, to }) => task >= from && task < to),
    'job',
  )
}

function answer(
  state: PoolState,
  because: readonly string[],
  entries: readonly LoggedEvent[],
  about: 'job' | 'device',
): Explanation {
  const since = `Events are remembered since the coordinator's start at ${isoOf(state.startedAt)}, the most recent ones only.`
  return {
    because: [...because, since],
    events: entries.map((entry) => ({ at: isoOf(entry.at), what: tell(entry, about) })),
  }
}

function explainJob(state: PoolState, job: Job): string[] {
  const because = [statusOf(state, job), promiseOf(state, job)]
  if (job.waiting) because.push(job.waiting)
  if (job.cases.size > 0) because.push(`${wordsFor(job.cases.size, 'task waits', 'tasks wait')} for another opinion.`)
  for (const [task, { count, message }] of [...job.attempts].slice(0, 3)) {
    because.push(
      `Task ${task} was tried ${wordsFor(count, 'time', 'times')} without a result; the last time: ${message}`,
    )
  }
  if (job.unchecked > 0)
    because.push(`${wordsFor(job.unchecked, 'task was', 'tasks were')} accepted unchecked because the admin said so.`)
  return because
}

function statusOf(state: PoolState, job: Job): string {
  const done = `${job.decided} of ${wordsFor(job.spec.taskCount, 'task is', 'tasks are')} done`
  if (job.status === 'paused') return `It is paused; ${done}.`
  const first = [...state.jobs.values()].filter(
    (other) => other.priority > job.priority && other.open.size > 0 && other.status !== 'paused',
  )
  if (job.leases.size === 0 && first.length > 0)
    return `${wordsFor(first.length, 'job', 'jobs')} of higher priority ${first.length === 1 ? 'comes' : 'come'} first; ${done}.`
  if (job.status === 'queued') return 'It is queued and starts with the next free device.'
  const devices = new Set([...job.leases].map((lease) => lease.device)).size
  return `It is running: ${done}, ${wordsFor(devices, 'device works', 'devices work')} on it, ${wordsFor(job.open.size, 'task is', 'tasks are')} free.`
}

/** What the job's trust promises. */
function promiseOf(state: PoolState, job: Job): string {
  const { trust } = job.spec
  if (trust === 'fast') return 'Trust "fast": the first result counts; nothing about wrong results is promised.'
  if (trust === 'normal') {
    return `Trust "normal": newcomers are checked entirely at first, then one task in ${AUDIT_EVERY} of everybody. A device that lies is caught after about ${AUDIT_EVERY} lies, and what rested on its word alone is computed again before the job is done.`
  }
  const share = (100 * wrongShare(job.agree, state.options.colluding)).toPrecision(2)
  return `${job.agree} volunteers must agree on every task. If at most ${100 * state.options.colluding} % of them collude, at most ${share} % of the outputs are expected to be wrong.`
}

function explainTask(job: Job, task: number): string[] {
  const because = [stateSentence(job, task)]
  const taskCase = job.cases.get(task)
  if (taskCase) because.push(caseSentence(taskCase))
  const failed = job.attempts.get(task)
  if (failed) {
    const where = failed.alone.length > 0 ? `, alone on ${wordsFor(failed.alone.length, 'device', 'devices')}` : ''
    because.push(
      `It was tried ${wordsFor(failed.count, 'time', 'times')} without a result${where}; the last time: ${failed.message}`,
    )
  }
  for (const lease of job.leases) {
    if (has(lease.remaining, task)) because.push(`Device ${lease.device.id} has it in lease ${lease.claims.lease}.`)
  }
  return because
}

function stateSentence(job: Job, task: number): string {
  const now = stateOf(job.tasks, task)
  const decider = now >= ACCEPTED ? (job.contributors[deciderOf(job.tasks, task)] as Contributor).device.id : ''
  switch (now) {
    case OPEN:
      return has(job.open, task) ? 'Nobody has computed it yet; it is free.' : 'Nobody has returned it yet.'
    case PENDING:
      return 'Results are in, but not enough of them agree yet.'
    case ACCEPTED:
      return `Accepted from device ${decider}; nobody else has computed it.`
    case VALIDATED:
      return `Accepted from device ${decider} and validated: an independent device returned the same bytes.`
    case UNCHECKED:
      return `Accepted from device ${decider} unchecked, because the admin said so.`
    case CERTAIN:
      return `Accepted on the word of the host's own agent; its bytes came from device ${decider}.`
    default:
      return now satisfies never
  }
}

function caseSentence(taskCase: Case): string {
  const different = new Set(taskCase.opinions.map(({ high, low }) => `${high} ${low}`)).size
  const opinions = wordsFor(taskCase.opinions.length, 'opinion waits', 'opinions wait')
  const flight = wordsFor(taskCase.flight.length, 'lease is', 'leases are')
  return `${opinions}${different > 1 ? `, and they differ` : ''}; ${flight} on the way to bring more.`
}

function explainDevice(state: PoolState, device: Device): string[] {
  return [now(state, device), ...trust(device), ...failures(device)]
}

function now(state: PoolState, device: Device): string {
  if (device.reputation.pausedBecause !== null) return device.reputation.pausedBecause
  if (!device.connected)
    return 'It is not connected. What it held went to others; what it finished meanwhile still counts.'
  if (!device.working) return 'Its owner has paused it.'
  if (device.leases.size > 0) return `It is working on ${wordsFor(device.leases.size, 'lease', 'leases')}.`
  if (device.room === 0) return 'It has not asked for work.'
  return canWork(device) ? idleReason(state, device).because : 'It does not work right now.'
}

function trust(device: Device): string[] {
  const { agreements, disagreements, checkedLeases } = device.reputation
  if (device.host) return ["It is the host's own agent; its results are certain."]
  const said = [
    `Others agreed with it on ${wordsFor(agreements, 'task', 'tasks')} and were right against it ${wordsFor(disagreements, 'time', 'times')}.`,
  ]
  if (isNewcomer(device)) {
    const left = NEWCOMER_LEASES - checkedLeases
    said.push(
      `It is new here: its results count once others agree, until ${wordsFor(left, 'more lease is', 'more leases are')} checked.`,
    )
  }
  if (device.pendingCredit > 0)
    said.push(`Results worth ${wordsFor(device.pendingCredit, 'credit', 'credits')} wait for others to agree.`)
  return said
}

function failures(device: Device): string[] {
  const { failuresInRow } = device.reputation
  if (failuresInRow === 0) return []
  return [
    `It failed ${wordsFor(failuresInRow, 'time', 'times')} in a row, so it gets at most ${wordsFor(device.cap, 'lease', 'leases')} at once for now.`,
  ]
}

/** An event of a story as a sentence. */
function tell({ what, device, job, from, to, detail }: LoggedEvent, about: 'job' | 'device'): string {
  const tasks = to - from === 1 ? `Task ${from}` : `Tasks ${from} to ${to - 1}`
  const other = about === 'job' ? (device ? ` by device ${device}` : '') : job ? ` of job ${job}` : ''
  const whom = about === 'job' && device ? ` to device ${device}` : other
  switch (what) {
    case 'lent':
      return `${tasks} lent${whom}${LENT[detail] ?? ''}.`
    case 'returned':
      return `${tasks} returned${other}: ${RETURNED[detail] ?? detail}.`
    case 'dropped':
      return `${tasks}${about === 'job' && device ? `, lent to device ${device},` : other} taken back${detail ? `: ${detail}` : '.'}`
    case 'given back':
      return `${tasks}${about === 'job' && device ? `, lent to device ${device},` : other} free again because ${detail}.`
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

/** "1 task", "2 tasks". */
function wordsFor(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}
