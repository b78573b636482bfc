import type { JobId } from '../../protocol/ids.ts'
import { join, leave } from './devices.ts'
import type { PoolEvent } from './events.ts'
import { pause, resume } from './failures.ts'
import type { Device, Job } from './job-state.ts'
import { failJob, over, pauseJob, reprioritise, resumeJob, submit } from './jobs.ts'
import { judge } from './judge.ts'
import { dropLease } from './leases.ts'
import { serve } from './lend.ts'
import { recount } from './presence.ts'
import { errored, handedBack, malformed, progressed } from './reports.ts'
import type { PoolState } from './state.ts'
import { tick } from './tick.ts'
import { acceptUnchecked } from './unchecked.ts'

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
