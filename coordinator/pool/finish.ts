import type { Effect } from './effects.ts'
import type { JobProgress } from './job.ts'
import { finishIfDone } from './jobs.ts'
import { saveLines } from './ledger.ts'
import { serveWaiting } from './lend.ts'
import { progressOf } from './progress.ts'
import { saveReputations } from './reputation.ts'
import type { PoolState } from './state.ts'
import { concludeProbation, convict } from './trust.ts'
import { review } from './waiting.ts'

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
