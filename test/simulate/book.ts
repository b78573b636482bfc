import type { Change } from '../../coordinator/pool/effects.ts'
import type { JobSpec } from '../../coordinator/pool/job.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'

// The accountant: believes nothing but the changes the pool wants saved, and works out from them, in the plainest way,
// what is decided and what must have been paid. It shares no code with the pool.

interface Entry {
  readonly volunteer: VolunteerId
  readonly high: number
  readonly low: number
  readonly price: number
  paid: boolean
  /** Its bytes are kept. */
  bytes: boolean
}

interface TaskBook {
  readonly results: Map<DeviceId, Entry>
  decider: DeviceId | null
  how: string
  validated: boolean
}

export interface JobBook {
  readonly spec: JobSpec
  readonly tasks: Map<number, TaskBook>
  /** What the rules say was earned, and what the ledger says. */
  earned: number
  ledger: number
  /** What the ledger says of each volunteer. */
  readonly paid: Map<VolunteerId, number>
  status: string
}

export interface Book {
  readonly jobs: Map<JobId, JobBook>
  open(spec: JobSpec): void
  write(changes: readonly Change[]): void
  task(job: JobId, task: number): TaskBook | undefined
  close(job: JobId): void
}

export class BrokenLaw extends Error {
  override name = 'BrokenLaw'
}

export function law(holds: boolean, rule: string, detail: () => unknown): asserts holds {
  if (!holds) throw new BrokenLaw(`${rule} ${JSON.stringify(detail())}`)
}

export function book(): Book {
  const jobs = new Map<JobId, JobBook>()
  const of = (job: JobBook, task: number) => {
    const known = job.tasks.get(task) ?? { results: new Map(), decider: null, how: '', validated: false }
    job.tasks.set(task, known)
    return known
  }
  return {
    jobs,
    open(spec) {
      jobs.set(spec.id, { spec, tasks: new Map(), earned: 0, ledger: 0, paid: new Map(), status: 'queued' })
    },
    task: (job, task) => jobs.get(job)?.tasks.get(task),
    close: (job) => jobs.delete(job),
    write(changes) {
      for (const change of changes) write(jobs, of, change)
      for (const job of jobs.values()) {
        law(
          job.earned === job.ledger,
          '[C1] the ledger is the sum of the prices of accepted and agreeing results, at every moment',
          () => ({
            job: job.spec.id,
            earned: job.earned,
            ledger: job.ledger,
          }),
        )
      }
    },
  }
}

function write(jobs: Map<JobId, JobBook>, of: (job: JobBook, task: number) => TaskBook, change: Change): void {
  if (change.type === 'jobChanged') {
    const job = jobs.get(change.job.id)
    if (job) job.status = change.job.status
    return
  }
  if (!('job' in change)) return
  const job = jobs.get(change.job)
  if (!job) return
  if (change.type === 'credited') {
    law(change.credit !== 0 && Number.isInteger(change.credit), '[C1] ledger lines are whole numbers', () => change)
    job.ledger += change.credit
    const paid = (job.paid.get(change.volunteer) ?? 0) + change.credit
    law(paid >= 0, '[D43] what is taken back is taken from whom it was paid to', () => change)
    job.paid.set(change.volunteer, paid)
    return
  }
  if (!('to' in change) || change.type === 'resultRefused') return
  for (let task = change.from; task < change.to; task++) {
    const entry = of(job, task)
    const story = () => ({ job: job.spec.id, task, change: { ...change, prices: undefined, digests: undefined } })
    if (change.type === 'resultKept') {
      const at = task - change.from
      const result = {
        volunteer: change.volunteer,
        high: change.digests[2 * at] as number,
        low: change.digests[2 * at + 1] as number,
        price: change.prices[at] as number,
        paid: change.state === 'accepted' || change.state === 'agreed',
        bytes: change.state === 'accepted' || change.state === 'pending',
      }
      law(!entry.results.has(change.device), '[P3] a result counts once, whatever is resent', story)
      entry.results.set(change.device, result)
      if (change.state === 'accepted') {
        law(entry.decider === null, '[P3] one output decides a task', story)
        entry.decider = change.device
        entry.how = 'accepted'
      }
      if (change.state === 'agreed') {
        const deciding = entry.decider === null ? undefined : entry.results.get(entry.decider)
        law(
          deciding !== undefined && same(deciding, result),
          '[P3] only what equals the deciding output agrees with it',
          story,
        )
      }
      if (result.paid) job.earned += result.price
      if (change.state !== 'pending') continue
      const voters = (like: Entry) => {
        const side = [...entry.results].filter(([, each]) => same(each, like))
        return new Set(side.map(([, { volunteer }]) => volunteer)).size
      }
      for (const other of entry.results.values()) {
        if (other === result || !other.bytes) continue
        law(
          !other.paid && voters(result) > voters(other),
          '[T11] of what is undecided the bytes of the leading output alone are kept',
          story,
        )
        other.bytes = false
      }
    } else if (change.type === 'tasksDecided') {
      const deciding = entry.results.get(change.device)
      law(deciding !== undefined, '[P3] what decides a task was kept', story)
      law(entry.decider === null || entry.decider === change.device, '[P3] one output decides a task', story)
      law(deciding.bytes, '[T11] what decides a task has its bytes kept', story)
      entry.decider = change.device
      entry.how = change.how
      for (const result of entry.results.values()) {
        if (result.paid || !same(deciding, result)) continue
        result.paid = true
        job.earned += result.price
      }
    } else if (change.type === 'tasksValidated') {
      law(entry.decider !== null, '[T1] only decided tasks are validated', story)
      entry.validated = true
    } else if (change.type === 'resultsRevoked') {
      const result = entry.results.get(change.device)
      law(result !== undefined, '[P3] only kept results are revoked', story)
      if (result.paid) job.earned -= result.price
      entry.results.delete(change.device)
      entry.validated = false
      if (entry.decider === change.device) entry.decider = null
    }
  }
}

export function same(a: { high: number; low: number }, b: { high: number; low: number }): boolean {
  return a.high === b.high && a.low === b.low
}
