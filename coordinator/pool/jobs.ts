import type { JobStatus } from '../../protocol/ids.ts'
import { AUDIT_EVERY, auditOf, quorumOf } from './checks.ts'
import { dequeue, enqueue } from './choose.ts'
import { take } from './clock.ts'
import { createEventLog, JOB_LOG, note } from './event-log.ts'
import { intervals } from './intervals.ts'
import type { JobProgress, JobSpec } from './job.ts'
import { isOver, type Job } from './job-state.ts'
import { dropLease } from './leases.ts'
import type { PoolState } from './state.ts'
import { tasksOf } from './tasks.ts'

/** Finished jobs remembered for late messages and questions. */
const FINISHED = 200

export function jobOf(state: PoolState, spec: JobSpec): Job {
  return {
    spec,
    priority: spec.priority,
    status: 'queued',
    startedAt: null,
    finishedAt: null,
    error: null,
    waiting: null,
    agree: spec.trust === 'normal' ? 2 : quorumOf(spec.trust, state.options.colluding),
    takesUnchecked: false,
    audited: spec.trust === 'normal' ? auditOf(state.options.auditKey, spec.id) : () => false,
    tasks: tasksOf(spec.taskCount),
    open: intervals(0, spec.taskCount),
    cases: new Map(),
    wanted: new Map(),
    wantedList: [],
    leases: new Set(),
    attempts: new Map(),
    suspects: new Map(),
    contributors: [],
    contributorOf: new Map(),
    decided: 0,
    undecided: 0,
    unchecked: 0,
    credit: 0,
    pendingCredit: 0,
    results: 0,
    cost: { amount: 0, weight: 0 },
    durations: [],
    durationAt: 0,
    p90Ms: null,
    pace: null,
    paceAt: 0,
    paceDecided: 0,
    slow: [],
    slowAt: Number.NEGATIVE_INFINITY,
    used: 0,
    told: null,
    log: createEventLog(JOB_LOG),
  }
}

export function submit(state: PoolState, spec: JobSpec): void {
  if (state.jobs.has(spec.id) || state.finished.has(spec.id)) return
  const job = jobOf(state, spec)
  state.jobs.set(spec.id, job)
  enqueue(state, job)
  changed(state, job, 'submitted')
}

function changed(state: PoolState, job: Job, what: string, detail = ''): void {
  state.dirty.add(job)
  state.newStatus.add(job)
  note(job.log, { at: state.clock.at, what, device: null, job: null, from: 0, to: 0, detail })
}

export function pauseJob(state: PoolState, job: Job): void {
  if (job.status === 'paused') return
  job.status = 'paused'
  releaseLeases(state, job, 'The job is paused.')
  changed(state, job, 'paused')
}

export function resumeJob(state: PoolState, job: Job): void {
  if (job.status !== 'paused') return
  job.status = job.startedAt === null ? 'queued' : 'running'
  state.stirred = true
  changed(state, job, 'resumed')
}

export function reprioritise(state: PoolState, job: Job, priority: number): void {
  dequeue(state, job)
  job.priority = priority
  enqueue(state, job)
  changed(state, job, 'given another priority', String(priority))
}

export function failJob(state: PoolState, job: Job, error: string): void {
  if (isOver(job.status)) return
  job.error = error
  over(state, job, 'failed')
}

/** Every task is decided and nothing waits for another opinion: the job is done. */
export function finishIfDone(state: PoolState, job: Job): void {
  if (isOver(job.status) || job.decided < job.spec.taskCount || job.cases.size > 0) return
  over(state, job, 'done')
}

export function over(state: PoolState, job: Job, status: JobStatus): void {
  job.status = status
  job.finishedAt = state.clock.at
  job.waiting = null
  releaseLeases(state, job, `The job is ${status}.`)
  changed(state, job, status, job.error ?? '')
  dequeue(state, job)
  dismiss(state, job)
}

/** Tasks go back and devices are told. */
function releaseLeases(state: PoolState, job: Job, reason: string): void {
  for (const lease of [...job.leases]) dropLease(state, lease, reason, true)
}

/** The pool forgets the job's tasks and keeps how it ended. */
function dismiss(state: PoolState, job: Job): void {
  for (const { device } of job.contributors) {
    device.contributes.delete(job)
    for (const [id, loss] of device.losses) {
      if (loss.lease.job !== job) continue
      take(state.losses, loss, loss.slot)
      device.losses.delete(id)
    }
  }
  for (const taskCase of job.cases.values()) {
    for (const { by, price, probation } of taskCase.opinions) {
      by.device.pendingCredit -= price
      if (probation) probation.open--
      if (probation) state.probations.add(probation)
    }
  }
  job.pendingCredit = 0
  state.jobs.delete(job.spec.id)
  state.finished.set(job.spec.id, { progress: progressOf(job), log: job.log })
  const [oldest] = state.finished.keys()
  if (state.finished.size > FINISHED && oldest) state.finished.delete(oldest)
}

export function progressOf(job: Job): JobProgress {
  const { spec } = job
  return {
    id: spec.id,
    status: job.status,
    priority: job.priority,
    tasksDone: job.decided,
    taskCount: spec.taskCount,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    error: job.error,
    waiting: job.waiting,
    unchecked: job.unchecked,
    credit: job.credit,
    pendingCredit: job.pendingCredit,
    overhead: { expected: expectedOverhead(job), measured: measuredOverhead(job) },
    secondsLeft: secondsLeft(job),
  }
}

/** Results beyond one per task that the trust rule asks for, as a share of tasks. */
function expectedOverhead(job: Job): number {
  return job.spec.trust === 'normal' ? 1 / AUDIT_EVERY : job.agree - 1
}

function measuredOverhead(job: Job): number {
  const touched = job.decided + job.undecided
  return touched === 0 ? 0 : Math.max(0, job.results / touched - 1)
}

function secondsLeft(job: Job): number | null {
  if (job.status !== 'running' || !job.pace) return null
  return (job.spec.taskCount - job.decided) / job.pace
}

/** Once a second: how fast tasks are decided lately. */
export function measurePace(state: PoolState, job: Job): void {
  const seconds = (state.clock.now - job.paceAt) / 1000
  if (seconds < 0.9) return
  const recent = Math.max(0, job.decided - job.paceDecided) / seconds
  job.paceAt = state.clock.now
  job.paceDecided = job.decided
  // Forgets half of the past in about three seconds.
  job.pace = job.pace === null ? recent || null : job.pace * 0.8 + recent * 0.2
}
