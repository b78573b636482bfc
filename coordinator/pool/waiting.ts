import { anybodyFor } from './cases.ts'
import type { Case, Contributor, Device, Job } from './job-state.ts'
import { accepted, save } from './record.ts'
import type { PoolState } from './state.ts'
import { deciderOf, isDecided } from './tasks.ts'

/** The sentence for a job that does not progress; null while it does. */
function waitingOf(state: PoolState, job: Job): string | null {
  if (job.status !== 'running' && job.status !== 'queued') return null
  if (job.leases.size > 0) return null
  if (job.spec.devices === 'host' && state.hostWorkers === 0) {
    return 'This job runs on the host only, and the host is not computing right now.'
  }
  if (state.workers === 0) {
    return 'No device is working right now. It goes on as soon as somebody opens the join page and presses Start.'
  }
  if (job.open.size > 0 || !lacksIndependent(state, job)) return null
  const count = job.cases.size
  const tasks = count === 1 ? '1 task waits' : `${count} tasks wait`
  const who = job.agree > 2 ? 'more volunteers who agree' : 'another volunteer'
  return `${tasks} for a check by ${who}, and nobody independent is here. Wait for somebody to join, or accept what is there unchecked.`
}

/** Everything left needs a word from somebody who is not here. */
function lacksIndependent(state: PoolState, job: Job): boolean {
  return job.cases.size > 0 && job.wantedList.every((bucket) => !anybodyFor(state, bucket))
}

export function review(state: PoolState, job: Job): void {
  if (
    job.takesUnchecked &&
    job.cases.size > 0 &&
    job.open.size === 0 &&
    job.leases.size === 0 &&
    lacksIndependent(state, job)
  ) {
    acceptUnchecked(state, job)
  }
  const waiting = waitingOf(state, job)
  if (waiting === job.waiting) return
  job.waiting = waiting
  state.dirty.add(job)
}

const LOST = 'The admin accepts results unchecked, and the bytes of this one are not kept: it is computed again.'

/**
 * The admin takes what is there: every case is decided by what most said, or who was first. Where the bytes of that went
 * with somebody who was caught, the task is computed again.
 */
export function acceptUnchecked(state: PoolState, job: Job): void {
  const { id } = job.spec
  for (const [from, to] of runsOfSame(job)) {
    const taskCase = job.cases.get(from)
    if (!taskCase) continue
    const decided = isDecided(job.tasks, from)
    const winner = winnerOf(job, from, taskCase)
    if (!winner) {
      for (const { by } of [...taskCase.opinions])
        save(state, job, { type: 'resultsRevoked', job: id, from, to, device: by.device.id, because: LOST })
      continue
    }
    for (const loser of decided ? taskCase.opinions.map(({ by }) => by) : losers(taskCase, winner)) {
      const because = 'The admin accepted another result unchecked.'
      save(state, job, { type: 'resultsRevoked', job: id, from, to, device: loser.device.id, because })
    }
    save(state, job, { type: 'tasksDecided', job: id, from, to, device: winner.device.id, how: 'unchecked' })
    if (!decided) accepted(state, id, from, to, winner.device, null)
  }
}

/** Undisputed neighbours with the same word form one run; a disputed task stands alone. */
function runsOfSame(job: Job): [number, number][] {
  const found: [number, number][] = []
  let word = ''
  for (const [task, taskCase] of [...job.cases].sort(([a], [b]) => a - b)) {
    const decided = isDecided(job.tasks, task)
    const disputed = taskCase.opinions.length + (decided ? 1 : 0) > 1
    const winner = disputed ? null : winnerOf(job, task, taskCase)
    const now = winner ? `${decided} ${winner.index}` : `! ${task}`
    const last = found.at(-1)
    if (last && last[1] === task && now === word) last[1] = task + 1
    else found.push([task, task + 1])
    word = now
  }
  return found
}

/** Whose kept bytes most agree with; null where the output that most agree with is not kept. */
function winnerOf(job: Job, task: number, taskCase: Case): Contributor | null {
  if (isDecided(job.tasks, task)) return job.contributors[deciderOf(job.tasks, task)] as Contributor
  let best: Contributor | null = null
  let most = 0
  for (const opinion of taskCase.opinions) {
    const same = taskCase.opinions.filter(({ high, low }) => high === opinion.high && low === opinion.low)
    const volunteers = new Set(same.map(({ by }) => by.device.volunteer)).size
    if (volunteers > most) {
      most = volunteers
      best = same.find(({ bytes }) => bytes)?.by ?? null
    }
  }
  return best
}

function losers(taskCase: Case, winner: Contributor): Contributor[] {
  const own = taskCase.opinions.find(({ by }) => by === winner)
  return taskCase.opinions.filter(({ high, low }) => high !== own?.high || low !== own.low).map(({ by }) => by)
}

/** Why there is nothing for this device now: a code that changes only when the reason does, and the sentence. */
export function idleReason(state: PoolState, device: Device): { readonly code: string; readonly because: string } {
  const jobs = [...state.jobs.values()]
  if (jobs.length === 0)
    return { code: 'none', because: 'Nothing to do right now: no job is waiting. New work starts here by itself.' }
  const active = jobs.filter(({ status }) => status !== 'paused')
  if (active.length === 0) {
    return {
      code: 'paused',
      because: `Nothing to do right now: ${jobs.length === 1 ? 'the only job is' : `all ${jobs.length} jobs are`} paused.`,
    }
  }
  const allowed = active.filter(({ spec }) => spec.devices === 'all' || device.host)
  if (allowed.length === 0) {
    return { code: 'host', because: 'Nothing to do right now: the jobs here run on the host only.' }
  }
  const left = allowed.reduce((sum, { spec, decided }) => sum + spec.taskCount - decided, 0)
  const quiet = allowed.every(({ leases }) => leases.size === 0)
  const checks = quiet ? allowed.reduce((sum, { cases }) => sum + cases.size, 0) : 0
  if (checks > 0) {
    const nobody = allowed.every((job) => job.wantedList.every((bucket) => !anybodyFor(state, bucket)))
    return {
      code: 'check',
      because: `Nothing to do right now: ${tasks(checks)} computed and ${checks === 1 ? 'waits' : 'wait'} for a second opinion, which must come from another volunteer${nobody ? '; nobody else is here yet' : ''}.`,
    }
  }
  if (left === 0) {
    return {
      code: 'checked',
      because: 'Nothing to do right now: everything is computed, and other devices check the last results.',
    }
  }
  return {
    code: 'taken',
    because: `Nothing to do right now: ${left === 1 ? '1 task is' : `${left} tasks are`} left and other devices have them. You are next.`,
  }
}

function tasks(count: number): string {
  return count === 1 ? '1 task is' : `${count} tasks are`
}
