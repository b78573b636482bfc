import type { Effect } from '../../coordinator/pool/effects.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { JobProgress } from '../../coordinator/pool/job.ts'
import { quorumOf } from '../../coordinator/pool/quorum.ts'
import type { PoolState } from '../../coordinator/pool/state.ts'
import type { JobId } from '../../protocol/ids.ts'
import { MAX_LEASE_TASKS } from '../../protocol/limits.ts'
import { type Book, type JobBook, law } from './book.ts'

// What must hold of everything the pool says, judged from outside.

/** After every event, before the book takes in what it changed. */
export function checkEffects(event: PoolEvent, effects: readonly Effect[], before: Book, state: PoolState): void {
  checkAnswers(event, effects)
  const told = new Set<JobId>()
  for (const effect of effects) {
    if (effect.type === 'lend') checkLend(effect, before, state)
    if (effect.type !== 'jobChanged') continue
    law(!told.has(effect.job.id), '[P6] a job is told of at most once per event', () => effect.job)
    told.add(effect.job.id)
  }
}

/** Every result is answered once, task by task. */
function checkAnswers(event: PoolEvent, effects: readonly Effect[]): void {
  const answers = effects.filter((effect) => effect.type === 'acknowledge')
  const expected = event.type === 'resultReturned' || event.type === 'resultMalformed' ? 1 : 0
  law(answers.length === expected, '[P5] every result is answered exactly once', () => ({
    event: event.type,
    answers: answers.length,
  }))
  const answer = answers[0]
  if (!answer || (event.type !== 'resultReturned' && event.type !== 'resultMalformed')) return
  law(answer.ref === event.ref && answer.device === event.device, '[P5] an answer names its result', () => answer)
  let next = event.type === 'resultReturned' ? event.from : event.task
  const end = event.type === 'resultReturned' ? event.from + event.prices.length : event.task + 1
  for (const { from, to } of answer.runs) {
    law(from === next && to > from, '[P5] an answer covers exactly its tasks, in order', () => answer)
    next = to
  }
  law(next === end, '[P5] an answer covers exactly its tasks, in order', () => answer)
}

function checkLend(effect: Extract<Effect, { type: 'lend' }>, before: Book, state: PoolState): void {
  const { claims, deadlineMs } = effect
  const story = () => effect
  const device = state.devices.get(effect.device)
  law(claims.to > claims.from && claims.to - claims.from <= MAX_LEASE_TASKS, '[L1] a lease has 1 to 1000 tasks', story)
  law(deadlineMs >= 15_000, '[L3] a deadline leaves at least 15 seconds', story)
  law(
    device?.connected === true && device.standing.pausedBecause === null,
    '[L2] only devices that are here and may work get work',
    story,
  )
  const job = before.jobs.get(claims.job)
  if (!job) return
  law(job.spec.devices === 'all' || device.host, '[L7] a job for the host alone stays there', story)
  for (let task = claims.from; task < claims.to; task++) {
    const results = job.tasks.get(task)?.results
    if (!results) continue
    for (const [other, { volunteer }] of results) {
      // Results revoked in this very event are gone from the pool and still in the book.
      if (state.jobs.get(claims.job)?.contributorOf.get(other)?.distrusted) continue
      const apart = other !== effect.device && (state.options.sameVolunteerMayCheck || volunteer !== device.volunteer)
      law(apart || job.spec.trust === 'fast', '[T2] replicas go to another volunteer', () => ({ effect, task, other }))
    }
  }
}

/** When a job is over. */
export function checkEnd(progress: JobProgress, live: Book): void {
  const job = live.jobs.get(progress.id)
  if (!job || progress.status !== 'done') return
  law(progress.tasksDone === job.spec.taskCount, '[P2] a job is done when every task is', () => progress)
  for (let task = 0; task < job.spec.taskCount; task++) checkDecision(job, task)
}

function checkDecision(job: JobBook, task: number): void {
  const entry = job.tasks.get(task)
  const decider = entry?.decider
  law(entry !== undefined && decider != null, '[P2] a job is done when every task is', () => ({
    job: job.spec.id,
    task,
  }))
  if (job.spec.trust === 'fast' || job.spec.trust === 'normal' || entry.how === 'host' || entry.how === 'unchecked')
    return
  const deciding = entry.results.get(decider)
  const voices = new Set<string>()
  for (const { volunteer, high, low, paid } of entry.results.values()) {
    if (paid && high === deciding?.high && low === deciding.low) voices.add(volunteer)
  }
  const quorum = quorumOf(job.spec.trust, 0.1)
  law(voices.size >= quorum || quorum === 1, '[T3] a quorum of different volunteers agreed', () => ({
    job: job.spec.id,
    task,
    voices: [...voices],
  }))
}
