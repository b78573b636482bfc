import fc from 'fast-check'
import type { Change } from '../../coordinator/pool/effects.ts'
import {
  batch,
  credit,
  DAY_MS,
  deviceId,
  jobId,
  leaseId,
  NOON,
  newJob,
  progressOf,
  result,
  standing,
  volunteerId,
} from './sample.ts'

// Any sequence of commits, sensible or not: a store does not judge what the pool decides.

export const JOBS = ['a', 'b'] as const
export const DEVICES = ['d', 'e', 'f'] as const
export const TASKS = 12

const job = fc.constantFrom(...JOBS)
const device = fc.constantFrom(...DEVICES)
const range = fc.tuple(fc.nat(TASKS - 1), fc.integer({ min: 1, max: 4 })).map(([from, length]) => ({
  from,
  to: Math.min(from + length, TASKS),
}))
const day = fc.integer({ min: -8, max: 1 }).map((days) => new Date(NOON + days * DAY_MS).toISOString().slice(0, 10))

const part = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        ...{ job, device, range },
        state: fc.constantFrom('accepted' as const, 'pending' as const, 'noted' as const, 'agreed' as const),
        ...{
          texts: fc.array(fc.string({ maxLength: 6 }), { minLength: 4, maxLength: 4 }),
          price: fc.integer({ min: 1, max: 9 }),
        },
      })
      .map(({ range: { from, to }, texts, ...rest }) => result(from, { ...rest, outputs: texts.slice(0, to - from) })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ job, device, range, how: fc.constantFrom('agreed', 'host', 'unchecked', 'trusted') })
      .map(({ job, device, range, how }) => ({
        ...{ type: 'tasksDecided' as const, job: jobId(job), ...range, device: deviceId(device) },
        how: how as 'agreed',
      })),
  },
  fc.record({ job, range }).map(({ job, range }) => ({ type: 'tasksValidated' as const, job: jobId(job), ...range })),
  {
    weight: 2,
    arbitrary: fc.record({ job, device, range }).map(({ job, device, range }) => ({
      ...{ type: 'resultsRevoked' as const, job: jobId(job), ...range, device: deviceId(device), because: 'It lied.' },
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ job, device, day, amount: fc.integer({ min: -3, max: 9 }) })
      .map(({ job, device, day, amount }) =>
        credit(amount, { job: jobId(job), device: deviceId(device), volunteer: volunteerId(`v-${device}`), day }),
      ),
  },
  fc.record({ job, device, task: fc.nat(TASKS - 1) }).map(({ job, device, task }) => ({
    ...{
      type: 'attemptCounted' as const,
      job: jobId(job),
      task,
      attempts: 1,
      alone: [{ device: deviceId(device), voice: 'v', network: 'n', times: 1 }],
      message: 'Boom.',
    },
  })),
  fc.record({ device, agreements: fc.nat(9) }).map(({ device, agreements }) => ({
    ...{ type: 'standingChanged' as const, device: deviceId(device), standing: standing({ agreements }) },
  })),
  device.map((device) => ({
    type: 'deviceDistrusted' as const,
    device: deviceId(device),
    at: NOON,
    because: 'It lied.',
  })),
  fc.record({ job, device, range }).map(({ job, device, range }) => ({
    ...{ type: 'resultRefused' as const, device: deviceId(device), job: jobId(job), lease: leaseId('l'), ...range },
    ...{ reason: 'duplicate' as const, message: 'It was there.' },
  })),
  fc
    .record({
      job,
      status: fc.constantFrom('running' as const, 'paused' as const, 'done' as const),
      tasksDone: fc.nat(TASKS),
    })
    .map(({ job, status, tasksDone }) =>
      progressOf(newJob(job, { taskCount: TASKS }), { status, tasksDone, finishedAt: status === 'done' ? NOON : null }),
    ),
)

/** What happens to a store: commits, and now and then something else. */
const anything = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ parts: fc.array(part, { minLength: 1, maxLength: 8 }), hours: fc.nat(200) })
        .map(({ parts, hours }) => ({
          ...{ type: 'commit' as const, batch: batch(parts, NOON + hours * 3_600_000) },
        })),
    },
    fc.constant({ type: 'reopen' as const }),
    fc.constant({ type: 'read' as const }),
    job.map((job) => ({ type: 'delete' as const, job })),
    fc.constant({ type: 'forget' as const }),
  ),
  { minLength: 1, maxLength: 12 },
)

/** As every pool has it: a job that is done stays as it is, and kept results earn credit in the same commit. */
export const happenings = anything.map((sequence) => {
  const done = new Set<string>()
  return sequence.map((one) => {
    if (one.type !== 'commit') return one
    const changes = one.batch.changes.flatMap((change): Change[] => {
      if (change.type === 'jobChanged') {
        if (done.has(change.job.id)) return []
        if (change.job.status === 'done') done.add(change.job.id)
        return [change]
      }
      if (!('job' in change) || change.type === 'credited') return [change]
      if (done.has(change.job)) return []
      if (change.type !== 'resultKept') return [change]
      const { device, volunteer, job, from, to } = change
      return [change, credit(to - from, { device, volunteer, job })]
    })
    return { ...one, batch: { ...one.batch, changes } }
  })
})
