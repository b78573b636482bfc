import type { Change, Effect } from '../../coordinator/pool/effects.ts'
import type { PoolEvent } from '../../coordinator/pool/events.ts'
import type { AloneFailure, JobProgress } from '../../coordinator/pool/job.ts'
import { type Device, type Lease, rateOf } from '../../coordinator/pool/job-state.ts'
import { sipHash } from '../../coordinator/pool/random.ts'
import { canWork, type PoolState } from '../../coordinator/pool/state.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { MAX_LEASE_TASKS } from '../../protocol/limits.ts'
import { type Book, type JobBook, law } from './book.ts'

// What must hold of everything the pool says, judged from outside.

/** After every event, before the book takes in what it changed. */
export function checkEffects(event: PoolEvent, effects: readonly Effect[], before: Book, state: PoolState): void {
  checkAnswers(event, effects)
  if (event.type === 'ticked') for (const lease of state.leases.values()) checkAge(lease, state)
  const told = new Set<JobId>()
  for (const effect of effects) {
    if (effect.type === 'lend') checkLend(effect, before, state, effects)
    if (effect.type === 'lend' && event.type === 'workAsked') checkPriority(effect, effects, state)
    if (effect.type === 'save') {
      checkChanges(event, effect.changes)
      checkWithdrawn(effect.changes, effects, state)
      checkFailures(effect.changes, state)
    }
    if (effect.type !== 'jobChanged') continue
    law(!told.has(effect.job.id), '[P6] a job is told of at most once per event', () => effect.job)
    told.add(effect.job.id)
  }
}

/** SPEC.md's own figures, and a minute for the next look. */
function checkAge(lease: Lease, state: PoolState): void {
  const { job, claims } = lease
  const expected = Math.max((rateOf(job.cost) ?? 0) * (claims.to - claims.from), lease.expectedMs)
  // Lent while nothing was known of the job: an hour.
  const most = lease.expectedMs === 0 ? 3_600_000 : Math.max(600_000, Math.min(64 * expected, 3_600_000), 4 * expected)
  const age = state.clock.now - lease.agesFrom
  law(age <= most + 60_000, '[L18] no lease gets older than it may', () => ({ claims, age }))
}

/** Whoever is caught holds only what it was lent afterwards. */
function checkWithdrawn(changes: readonly Change[], effects: readonly Effect[], state: PoolState): void {
  for (const change of changes) {
    if (change.type !== 'deviceDistrusted') continue
    for (const { claims } of state.devices.get(change.device)?.leases ?? []) {
      const fresh = effects.some((effect) => effect.type === 'lend' && effect.claims.lease === claims.lease)
      law(fresh, '[T9] whoever is caught loses its leases at once', () => ({ change, claims }))
    }
  }
}

/** A job that failed for a task was failed by the host, by three independent voters, or by all who are here. */
function checkFailures(changes: readonly Change[], state: PoolState): void {
  for (const change of changes) {
    if (change.type !== 'jobChanged' || change.job.status !== 'failed') continue
    const { id } = change.job
    const last = changes.findLast((other) => other.type === 'attemptCounted' && other.job === id)
    if (last?.type !== 'attemptCounted') continue
    const { alone } = last
    const byHost = alone.some(({ device }) => state.devices.get(device)?.host)
    const here = [...state.devices.values()].filter(
      (device) => canWork(device) && (device.room > 0 || device.leases.size > 0),
    )
    law(byHost || state.hostWorkers === 0, '[L10] where the host is here, only it fails a job', () => change)
    const others = here.filter((device) => alone.every((failure) => isApart(failure, device)))
    law(byHost || others.length === 0 || areThree(alone), '[L10] independent voters fail a job', () => ({
      change,
      alone,
      others: others.map((device) => device.id),
    }))
  }
}

function isApart({ voter, network }: AloneFailure, device: Device): boolean {
  return voter !== device.volunteer && network !== device.network
}

/** Three of whom no two share volunteer or network. */
function areThree(failures: readonly AloneFailure[]): boolean {
  const apart = (a: AloneFailure, b: AloneFailure) => a.voter !== b.voter && a.network !== b.network
  return failures.some((a) => failures.some((b) => apart(a, b) && failures.some((c) => apart(a, c) && apart(b, c))))
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

function checkLend(
  effect: Extract<Effect, { type: 'lend' }>,
  before: Book,
  state: PoolState,
  effects: readonly Effect[],
): void {
  const { claims, deadlineMs } = effect
  const story = () => effect
  const device = state.devices.get(effect.device)
  law(claims.to > claims.from && claims.to - claims.from <= MAX_LEASE_TASKS, '[L1] a lease has 1 to 1000 tasks', story)
  law(deadlineMs >= 15_000, '[L3] a deadline leaves at least 15 seconds', story)
  law(
    device?.connected === true && device.reputation.pausedBecause === null,
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
      if (isRevoked(effects, claims.job, task, other)) continue
      const apart = other !== effect.device && volunteer !== device.volunteer
      law(apart || job.spec.trust === 'fast', '[T2] replicas go to another volunteer', () => ({ effect, task, other }))
    }
  }
}

function isRevoked(effects: readonly Effect[], job: JobId, task: number, device: DeviceId): boolean {
  return effects.some(
    (effect) =>
      effect.type === 'save' &&
      effect.changes.some(
        (change) =>
          change.type === 'resultsRevoked' &&
          change.job === job &&
          change.device === device &&
          change.from <= task &&
          task < change.to,
      ),
  )
}

function checkPriority(effect: Extract<Effect, { type: 'lend' }>, effects: readonly Effect[], state: PoolState): void {
  const lent = state.jobs.get(effect.claims.job)
  if (!lent) return
  // What was taken back from others in the same event was not open yet when the first leases were lent.
  const freed = new Set(effects.map((other) => (other.type === 'release' ? other.claims.job : null)))
  for (const job of state.jobs.values()) {
    if (freed.has(job.spec.id)) continue
    const could = job.status !== 'paused' && job.open.size > 0 && job.attempts.size === 0 && job.spec.devices === 'all'
    law(!could || job.priority <= lent.priority, '[L5] higher priority first', () => ({ effect, before: job.spec.id }))
  }
}

function checkChanges(event: PoolEvent, changes: readonly Change[]): void {
  const distrusted = new Set(changes.map((change) => (change.type === 'deviceDistrusted' ? change.device : '')))
  for (const change of changes) {
    if (change.type === 'credited') {
      law(
        change.day === new Date(event.at).toISOString().slice(0, 10),
        "[C4] a ledger line stands under the commit's UTC day",
        () => change,
      )
    }
    if (change.type !== 'resultsRevoked' || /admin/.test(change.because)) continue
    law(
      distrusted.has(change.device) || isVoucher(change, changes),
      '[T5] whoever was overruled is a newcomer again',
      () => change,
    )
  }
}

/** Results of others go only with those of a caught device they rested on. */
function isVoucher(change: Extract<Change, { type: 'resultsRevoked' }>, changes: readonly Change[]): boolean {
  return changes.some((other) => other.type === 'deviceDistrusted' && other.because === change.because)
}

/** After the book has taken in an event: nothing in running jobs rests only on who was caught in it. */
export function checkCaught(changes: readonly Change[], live: Book): void {
  for (const change of changes) {
    if (change.type !== 'deviceDistrusted') continue
    for (const job of live.jobs.values()) {
      if (job.spec.trust !== 'normal' || (job.status !== 'running' && job.status !== 'paused')) continue
      for (const [task, entry] of job.tasks) {
        if (entry.decider !== change.device || entry.how === 'host') continue
        law(votersOf(entry).size > 1, '[T5] nothing rests only on a device that was caught', () => ({
          job: job.spec.id,
          task,
          change,
        }))
      }
    }
  }
}

/** After a restart: what was restored is what was saved. */
export function checkRestored(state: PoolState, live: Book): void {
  for (const book of live.jobs.values()) {
    const job = state.jobs.get(book.spec.id)
    const decided = [...book.tasks.values()].filter(({ decider }) => decider !== null).length
    const told = { decided: job?.decided, credit: job?.credit }
    law(job?.decided === decided && job.credit === book.earned, '[P1] nothing saved is lost by a restart', () => ({
      told,
      decided,
      earned: book.earned,
    }))
  }
}

/** When a job is over. */
export function checkEnd(progress: JobProgress, live: Book, auditKey: Uint8Array): void {
  const job = live.jobs.get(progress.id)
  if (!job || progress.status !== 'done') return
  law(progress.tasksDone === job.spec.taskCount, '[P2] a job is done when every task is', () => progress)
  for (let task = 0; task < job.spec.taskCount; task++) checkDecision(job, task, auditKey)
}

function checkDecision(job: JobBook, task: number, auditKey: Uint8Array): void {
  const entry = job.tasks.get(task)
  law(entry !== undefined && entry.decider !== null, '[P2] a job is done when every task is', () => ({
    job: job.spec.id,
    task,
  }))
  const { trust } = job.spec
  if (trust === 'fast' || entry.how === 'host' || entry.how === 'unchecked') return
  const voters = votersOf(entry)
  const story = () => ({ job: job.spec.id, task, voters: [...voters] })
  if (trust === 'normal')
    law(
      voters.size > 1 || !isDrawn(auditKey, job.spec.id, task),
      '[T4] every task drawn is computed twice before the job is done',
      story,
    )
  else law(voters.size >= QUORUMS[JSON.stringify(trust)]!, '[T3] a quorum of different volunteers agreed', story)
}

/** Worked out by hand for a tenth colluding: 3 agree → 0.86 % wrong, 2 → 2.8 %. */
const QUORUMS: Readonly<Record<string, number>> = { '"strict"': 3, '{"maxWrong":0.05}': 2 }

/** Volunteers whose results for the task count. */
function votersOf(entry: NonNullable<ReturnType<Book['task']>>): Set<string> {
  const deciding = entry.decider === null ? undefined : entry.results.get(entry.decider)
  const voters = new Set<string>()
  for (const { volunteer, high, low, paid } of entry.results.values()) {
    if (paid && high === deciding?.high && low === deciding.low) voters.add(volunteer)
  }
  return voters
}

/** The draw as SPEC.md defines it: SipHash-2-4 of the job's id padded to whole blocks, then the task, below 2³² / 30. */
function isDrawn(key: Uint8Array, job: JobId, task: number): boolean {
  const message = new Uint8Array(8 * Math.ceil(job.length / 8) + 4)
  message.set(Uint8Array.from(job, (letter) => letter.charCodeAt(0)))
  new DataView(message.buffer).setUint32(message.length - 4, task, true)
  return sipHash(key, message)[0] < 2 ** 32 / 30
}
