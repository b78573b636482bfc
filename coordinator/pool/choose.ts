import type { Job } from './job-state.ts'
import type { Level, PoolState, Submitter } from './state.ts'

// Whose job is served next: higher priority first; equal ones share device time fairly between submitters, then
// between a submitter's jobs (start-time fair queueing, Goyal, Vin & Cheng 1996).

export function enqueue(state: PoolState, job: Job): void {
  const { levels } = state
  let level = levels.find(({ priority }) => priority === job.priority)
  if (!level) {
    level = { priority: job.priority, submitters: new Map(), served: 0 }
    levels.push(level)
    levels.sort((a, b) => b.priority - a.priority)
  }
  let submitter = level.submitters.get(job.spec.submitter)
  if (!submitter) {
    submitter = { jobs: new Set(), used: level.served, served: 0 }
    level.submitters.set(job.spec.submitter, submitter)
  }
  job.used = submitter.served
  submitter.jobs.add(job)
  state.stirred = true
}

export function dequeue(state: PoolState, job: Job): void {
  const level = state.levels.find(({ priority }) => priority === job.priority)
  const submitter = level?.submitters.get(job.spec.submitter)
  if (!level || !submitter?.jobs.delete(job)) return
  if (submitter.jobs.size === 0) level.submitters.delete(job.spec.submitter)
  if (level.submitters.size === 0) state.levels.splice(state.levels.indexOf(level), 1)
}

interface Choice {
  readonly job: Job
  readonly submitter: Submitter
  readonly level: Level
}

function hasWork(job: Job): boolean {
  return job.open.size > 0 || job.wantedList.length > 0
}

/** Calls `attempt` with jobs that have work, most deserving first, until one answers true. */
export function firstOf(state: PoolState, attempt: (job: Job) => boolean): Choice | null {
  for (const level of state.levels) {
    let refused: Set<Job> | null = null
    for (;;) {
      const choice = mostDeserving(level, refused)
      if (!choice) break
      if (attempt(choice.job)) return choice
      refused ??= new Set()
      refused.add(choice.job)
    }
  }
  return null
}

function mostDeserving(level: Level, refused: ReadonlySet<Job> | null): Choice | null {
  let best: Choice | null = null
  for (const submitter of level.submitters.values()) {
    if (best && submitter.used >= best.submitter.used) continue
    let job: Job | null = null
    for (const each of submitter.jobs) {
      if (each.status === 'paused' || !hasWork(each) || refused?.has(each)) continue
      if (!job || each.used < job.used) job = each
    }
    if (job) best = { job, submitter, level }
  }
  return best
}

/** Charges a lease to its job and submitter. Whoever had nothing to do for a while does not get that time back. */
export function charge({ job, submitter, level }: Choice, ms: number): void {
  const cost = Math.max(ms, 1)
  level.served = Math.max(level.served, submitter.used)
  submitter.used = level.served + cost
  submitter.served = Math.max(submitter.served, job.used)
  job.used = submitter.served + cost
}
