import type { JobId } from '../../protocol/ids.ts'
import { join, leave } from './devices.ts'
import type { PoolEvent } from './events.ts'
import { pause, resume } from './failures.ts'
import { failJob, over, pauseJob, reprioritise, resumeJob, submit } from './jobs.ts'
import { judge } from './judge.ts'
import { dropLease } from './leases.ts'
import { serve } from './lend.ts'
import { recount } from './presence.ts'
import { errored, handedBack, malformed, progressed } from './reports.ts'
import type { Device, Job, PoolState } from './state.ts'
import { tick } from './tick.ts'
import { acceptUnchecked } from './unchecked.ts'

/** One event, one reaction. Whoever names a device or job that is not there is not heard. */
export function dispatch(state: PoolState, event: PoolEvent): void {
  switch (event.type) {
    case 'resultReturned':
      return judge(state, event)
    case 'workAsked':
      return withDevice(state, event.device, (device) => {
        device.room = event.leases
        serve(state, device)
      })
    case 'progressed':
      return withDevice(state, event.device, (device) => progressed(state, device, event))
    case 'ticked':
      return tick(state)
    case 'deviceJoined':
      return join(state, event)
    case 'deviceLeft':
      return withDevice(state, event.device, (device) => leave(state, device, event.goodbye))
    case 'deviceChanged':
      return withDevice(state, event.device, (device) => changeDevice(state, device, event))
    case 'devicePaused':
      return withDevice(
        state,
        event.device,
        (device) => {
          if (event.paused) pause(state, device, event.because)
          else resume(state, device, event.because)
        },
        true,
      )
    case 'deviceRemoved':
      return withDevice(
        state,
        event.device,
        (device) => {
          for (const lease of [...device.leases])
            dropLease(state, lease, 'This device was removed from the pool.', true)
          leave(state, device, true)
        },
        true,
      )
    case 'resultMalformed':
      return malformed(state, event)
    case 'taskErrored':
      return withDevice(state, event.device, (device) => errored(state, device, event))
    case 'leaseHandedBack':
      return withDevice(state, event.device, (device) => handedBack(state, device, event))
    case 'jobSubmitted':
      return submit(state, event.job)
    case 'jobPaused':
      return withJob(state, event.job, (job) => pauseJob(state, job))
    case 'jobResumed':
      return withJob(state, event.job, (job) => resumeJob(state, job))
    case 'jobCancelled':
      return withJob(state, event.job, (job) => over(state, job, 'cancelled'))
    case 'jobFailed':
      return withJob(state, event.job, (job) => failJob(state, job, event.error))
    case 'jobDeleted':
      withJob(state, event.job, (job) => over(state, job, 'cancelled'))
      state.finished.delete(event.job)
      return
    case 'jobReprioritised':
      return withJob(state, event.job, (job) => reprioritise(state, job, event.priority))
    case 'jobAcceptedUnchecked':
      return withJob(state, event.job, (job) => {
        job.takesUnchecked = true
        acceptUnchecked(state, job)
      })
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
