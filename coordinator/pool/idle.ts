import { anybodyFor } from './independence.ts'
import type { Device } from './job-state.ts'
import type { PoolState } from './state.ts'

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
