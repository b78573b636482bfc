import type { DeviceId, JobId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { PackedChange } from './pack.ts'

/** A line kept for the question "why?", and whom it is about. */
export interface EventLine {
  readonly job: JobId | null
  readonly device: DeviceId | null
  readonly what: string
}

/** The line a change leaves behind, or null for changes that speak for themselves elsewhere. */
export function eventLine(change: Change | PackedChange): EventLine | null {
  switch (change.type) {
    case 'resultRefused': {
      const { job, device, from, to, reason, message } = change
      return { job, device, what: `The result of ${device} for ${tasks(from, to)} was refused (${reason}). ${message}` }
    }
    case 'resultsRevoked': {
      const { job, device, from, to, because } = change
      return { job, device, what: `The result of ${device} for ${tasks(from, to)} was revoked. ${because}` }
    }
    case 'attemptCounted': {
      const { job, task, attempts, alone, message } = change
      const device = alone.at(-1)?.device ?? null
      return {
        job,
        device,
        what: `${attempts === 1 ? 'One attempt' : `${attempts} attempts`} at task ${task} failed. ${message}`,
      }
    }
    case 'deviceDistrusted':
      return { job: null, device: change.device, what: `${change.device} is no longer believed. ${change.because}` }
    case 'jobChanged':
    case 'resultKept':
    case 'tasksDecided':
    case 'tasksValidated':
    case 'credited':
    case 'standingChanged':
      return null
  }
}

function tasks(from: number, to: number): string {
  return to - from === 1 ? `task ${from}` : `tasks ${from} to ${to - 1}`
}
