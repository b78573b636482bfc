import type { JobId } from '../../protocol/ids.ts'
import { expire, lose } from './attempts.ts'
import { saveLines } from './credit.ts'
import { errored, forgettable, handedBack, join, leave, medianPace, progressed } from './devices.ts'
import type { Effect } from './effects.ts'
import type { PoolEvent } from './events.ts'
import type { JobProgress } from './job.ts'
import type { Device, Job } from './job-state.ts'
import {
  failJob,
  finishIfDone,
  measurePace,
  over,
  pauseJob,
  progressOf,
  reprioritise,
  resumeJob,
  submit,
} from './jobs.ts'
import { judge, malformed } from './judge.ts'
import { dropLease } from './leases.ts'
import { serve, serveWaiting } from './lend.ts'
import { pause, resume, saveReputations } from './reputation.ts'
import { recount } from './speed.ts'
import type { PoolState } from './state.ts'
import { concludeProbation, convict } from './trust.ts'
import { acceptUnchecked, review } from './waiting.ts'

/** One event, one reaction. Whoever names a device or job that is not there is not heard. */
export function dispatch(state: PoolState, event: PoolEvent): void {
  switch (event.type) {
    case 'resultReturned':
      judge(state, event)
      break
    case 'workAsked':
      withDevice(state, event.device, (device) => {
        device.room = event.leases
        serve(state, device)
      })
      break
    case 'progressed':
      withDevice(state, event.device, (device) => progressed(state, device, event))
      break
    case 'ticked':
      tick(state)
      break
    case 'deviceJoined':
      join(state, event)
      break
    case 'deviceLeft':
      withDevice(state, event.device, (device) => leave(state, device, event.goodbye))
      break
    case 'deviceChanged':
      withDevice(state, event.device, (device) => changeDevice(state, device, event))
      break
    case 'devicePaused':
      withDevice(
        state,
        event.device,
        (device) => {
          if (event.paused) pause(state, device, event.because)
          else resume(state, device, event.because)
        },
        true,
      )
      break
    case 'deviceRemoved':
      withDevice(
        state,
        event.device,
        (device) => {
          for (const lease of [...device.leases])
            dropLease(state, lease, 'This device was removed from the pool.', true)
          leave(state, device, true)
        },
        true,
      )
      break
    case 'resultMalformed':
      malformed(state, event)
      break
    case 'taskErrored':
      withDevice(state, event.device, (device) => errored(state, device, event))
      break
    case 'leaseHandedBack':
      withDevice(state, event.device, (device) => handedBack(state, device, event))
      break
    case 'jobSubmitted':
      submit(state, event.job)
      break
    case 'jobPaused':
      withJob(state, event.job, (job) => pauseJob(state, job))
      break
    case 'jobResumed':
      withJob(state, event.job, (job) => resumeJob(state, job))
      break
    case 'jobCancelled':
      withJob(state, event.job, (job) => over(state, job, 'cancelled'))
      break
    case 'jobFailed':
      withJob(state, event.job, (job) => failJob(state, job, event.error))
      break
    case 'jobDeleted':
      withJob(state, event.job, (job) => over(state, job, 'cancelled'))
      state.finished.delete(event.job)
      break
    case 'jobReprioritised':
      withJob(state, event.job, (job) => reprioritise(state, job, event.priority))
      break
    case 'jobAcceptedUnchecked':
      withJob(state, event.job, (job) => {
        job.takesUnchecked = true
        acceptUnchecked(state, job)
      })
      break
    default:
      event satisfies never
  }
}

function withDevice(state: PoolState, id: Device['id'], act: (device: Device) => void, away = false): void {
  const device = state.devices.get(id)
  if (device && (device.connected || away)) act(device)
}

function withJob(state: PoolState, id: JobId, act: (job: Job) => void): void {
  const job = state.jobs.get(id)
  if (job) act(job)
}

function changeDevice(state: PoolState, device: Device, event: Extract<PoolEvent, { type: 'deviceChanged' }>): void {
  if (event.threads !== undefined && event.threads !== device.threads) {
    device.threads = event.threads
    device.cap = event.threads + 1
  }
  if (event.working !== undefined) device.working = event.working
  recount(state, device)
  serve(state, device)
}

/** Time passed: what only time changes. */
function tick(state: PoolState): void {
  state.ticking = true
  expire(state)
  lose(state)
  for (const job of state.jobs.values()) {
    measurePace(state, job)
    // Also finds what a restart left finished, and tells why a job does not progress.
    state.dirty.add(job)
  }
  state.medianPace = medianPace(state.devices.values())
  for (const device of state.devices.values()) if (forgettable(state, device)) state.devices.delete(device.id)
  if (state.waiting.size > 0) state.stirred = true
}

/** Draws the consequences of an event, and answers everything it has caused. */
export function finishEvent(state: PoolState): readonly Effect[] {
  settleTrust(state)
  for (const job of state.dirty) finishIfDone(state, job)
  if (state.stirred) {
    state.stirred = false
    serveWaiting(state)
  }
  for (const job of state.dirty) review(state, job)
  settleTrust(state)
  for (const job of state.dirty) finishIfDone(state, job)
  tellJobs(state)
  saveReputations(state)
  saveLines(state)
  const { effects, changes } = state
  return changes.length > 0 ? [{ type: 'save', changes }, ...effects] : effects
}

/** Trust earned decides tasks, trust lost opens them again, and either may follow from the other. */
function settleTrust(state: PoolState): void {
  while (state.probations.size > 0 || state.caught.size > 0) {
    for (const [device, because] of state.caught) {
      state.caught.delete(device)
      convict(state, device, because)
    }
    for (const probation of state.probations) {
      state.probations.delete(probation)
      concludeProbation(state, probation)
    }
  }
}

function tellJobs(state: PoolState): void {
  for (const job of state.dirty) {
    const progress = progressOf(job)
    if (state.newStatus.has(job)) state.changes.push({ type: 'jobChanged', job: progress })
    if (isNews(job.told, progress)) state.effects.push({ type: 'jobChanged', job: progress })
    job.told = progress
  }
  state.dirty.clear()
  state.newStatus.clear()
}

function isNews(told: JobProgress | null, now: JobProgress): boolean {
  return (
    told === null ||
    told.status !== now.status ||
    told.tasksDone !== now.tasksDone ||
    told.credit !== now.credit ||
    told.pendingCredit !== now.pendingCredit ||
    told.priority !== now.priority ||
    told.waiting !== now.waiting ||
    told.unchecked !== now.unchecked
  )
}
