import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { JobProgress } from '../pool/job.ts'
import { type PackedBatch, type PackedChange, type PackedKept, squeeze, wordsOf, wordsToBytes } from './core.ts'
import { quote, replacing, type Statement, upsert, type Value } from './database.ts'
import { creditStatements, weekOf } from './ledger.ts'
import type { Decision, KeptRun, Place } from './runs.ts'
import type { Append } from './segments.ts'

/** Where a job's outputs end, how many they are, and how long its history is; null for jobs that are not there (any more). */
export type Position = {
  readonly segment: number
  readonly end: number
  /** Outputs in the segment, needed or not. */
  readonly outputs: number
  readonly history: number
  readonly taskCount: number
} | null
type Moving = { -readonly [Key in keyof Exclude<Position, null>]: Exclude<Position, null>[Key] }
/** Which coordinator this is to the database, and how many commits it has made. */
export interface Head {
  readonly epoch: number
  readonly commits: number
  /** Last day of the week whose sums are kept. */
  readonly weekEnds: string
}
/** A finished job with tasks that rest on this device's word alone. */
export interface Doubt {
  readonly type: 'doubted'
  readonly job: JobId
  readonly device: DeviceId
  /** All doubted tasks of the job, whoever they rest on. */
  readonly tasks: number
}

/** What a commit writes where, and what is true once it has. */
export interface Plan {
  readonly head: Head
  readonly appends: readonly Append[]
  readonly statements: readonly Statement[]
  readonly positions: ReadonlyMap<JobId, Exclude<Position, null>>
  readonly happened: readonly Happened[]
  /** Jobs that end with outputs that do not count. */
  readonly ended: readonly JobId[]
}
/** What tells which output of a task counts. */
export type Happened = Placed | Decision | Doubt
export type Placed = KeptRun<Place> & { readonly type: 'placed'; readonly job: JobId }

/** Events of one commit; the next commit's ids begin after them. */
const EVENTS_PER_COMMIT = 2 ** 20

const runColumns = [
  'jobId',
  'seq',
  'from',
  'to',
  'deviceId',
  'volunteerId',
  'state',
  'offset',
  'lengths',
  'prices',
  'digests',
]
const decisionColumns = ['jobId', 'seq', 'what', 'from', 'to', 'deviceId', 'detail']
const nothing = new Uint8Array()

export function planCommit(
  { at, changes, words, bytes }: PackedBatch,
  doubts: readonly Doubt[],
  known: ReadonlyMap<JobId, Position>,
  head: Head,
): Plan {
  const pieces = new Map<JobId, Uint8Array[]>()
  const moved = new Map<JobId, Moving>()
  const progress = new Map<JobId, JobProgress>()
  const reputations = new Map<DeviceId, string>()
  const runs: Value[][] = []
  const decisions: Value[][] = []
  const events: Value[][] = []
  const happened: Happened[] = []

  /** The position to write at, which the caller moves on; undefined where the job is gone. */
  function positionOf(job: JobId) {
    const before = known.get(job)
    if (before === null || before === undefined) return undefined
    const position = moved.get(job) ?? { ...before }
    moved.set(job, position)
    return position
  }

  function keep(change: PackedKept) {
    const position = positionOf(change.job)
    if (position === undefined) return
    const { job, from, to, device, volunteer, state } = change
    const numbers = wordsOf(change, words)
    let place: Place | null = null
    if (change.bytes !== null && numbers.lengths !== null) {
      const { start, size } = change.bytes
      const piece = bytes.subarray(start, start + size)
      const list = pieces.get(job)
      if (list === undefined) pieces.set(job, [piece])
      else list.push(piece)
      place = { offset: position.end, lengths: squeeze(numbers.lengths).slice() }
      position.end += size
      position.outputs += to - from
    }
    runs.push([
      ...[job, position.history++, from, to, device, volunteer, state, place?.offset ?? null],
      ...[place === null ? nothing : wordsToBytes(place.lengths), wordsToBytes(squeeze(numbers.prices))],
      wordsToBytes(numbers.digests),
    ])
    happened.push({ type: 'placed', job, from, to, device, volunteer, state, place })
  }

  function decide(job: JobId, what: string, from: number, to: number, device: DeviceId | null, detail: string) {
    const position = positionOf(job)
    if (position !== undefined) decisions.push([job, position.history++, what, from, to, device, detail])
  }

  function apply(change: PackedChange) {
    const line = eventLine(change)
    if (line !== null)
      events.push([head.commits * EVENTS_PER_COMMIT + events.length, at, line.job, line.device, line.what])
    switch (change.type) {
      case 'jobChanged':
        positionOf(change.job.id)
        progress.set(change.job.id, change.job)
        return
      case 'resultKept':
        return keep(change)
      case 'tasksDecided':
        happened.push(change)
        return decide(change.job, 'decided', change.from, change.to, change.device, change.how)
      case 'tasksValidated':
        happened.push(change)
        return decide(change.job, 'validated', change.from, change.to, null, '')
      case 'resultsRevoked':
        happened.push(change)
        return decide(change.job, 'revoked', change.from, change.to, change.device, change.because)
      case 'attemptCounted': {
        const { job, task, attempts, alone, message } = change
        return decide(job, 'attempt', task, task + 1, null, JSON.stringify({ attempts, alone, message }))
      }
      case 'reputationChanged':
        reputations.set(change.device, JSON.stringify(change.reputation))
        return
      case 'credited':
      case 'deviceDistrusted':
      case 'resultRefused':
        return
      default:
        change satisfies never
    }
  }

  for (const change of changes) apply(change)
  for (const doubt of doubts) {
    decide(doubt.job, 'distrusted', 0, 0, doubt.device, '')
    happened.push(doubt)
  }
  const doubted = new Map(doubts.map(({ job, tasks }) => [job, tasks]))
  const ended = [...moved.keys()].filter((job) => {
    const now = progress.get(job)
    return now !== undefined && endsWithDead(now, moved.get(job)!.outputs)
  })
  const jobs = [...moved].map(([job, position]) =>
    updateJob(job, position, progress.get(job), doubted.get(job), ended.includes(job)),
  )
  return {
    head: { ...head, commits: head.commits + 1, weekEnds: weekOf(at, head.weekEnds).last },
    appends: [...pieces].map(([job, list]) => {
      const { segment, end } = known.get(job)!
      return { job, segment, offset: end, pieces: joined(list) }
    }),
    statements: [
      countCommit(head),
      ...upsert('Run', runColumns, runs),
      ...upsert('Decision', decisionColumns, decisions),
      ...jobs,
      ...creditStatements(changes, at, head.weekEnds),
      ...upsert('Reputation', ['deviceId', 'reputation'], [...reputations], replacing(['deviceId'], ['reputation'])),
      ...upsert('Event', ['id', 'at', 'jobId', 'deviceId', 'what'], events),
    ],
    positions: moved,
    happened,
    ended,
  }
}

/** Fails, by a null where none may be, when another coordinator has loaded since: then nothing of the commit happens. */
export function countCommit({ epoch }: Head): Statement {
  return {
    sql: 'UPDATE "Head" SET "commits" = CASE WHEN "epoch" = $1 THEN "commits" + 1 END WHERE "id" = 1',
    args: [epoch],
  }
}

/** The job is over and something was kept that was not accepted. */
export function endsWithDead({ status, tasksDone }: JobProgress, outputs: number): boolean {
  return isFinal(status) && outputs > tasksDone
}

function updateJob(
  job: JobId,
  { end, outputs, history }: Exclude<Position, null>,
  progress: JobProgress | undefined,
  doubted: number | undefined,
  ends: boolean,
): Statement {
  const columns: Record<string, Value> = {
    ...{ outputBytes: end, keptOutputs: outputs, history },
    ...(progress && progressColumns(progress)),
  }
  if (doubted !== undefined) columns['doubted'] = doubted
  if (ends) columns['garbage'] = true
  const sets = Object.keys(columns).map((name, i) => `${quote(name)} = $${i + 1}`)
  return {
    sql: `UPDATE "Job" SET ${sets.join()} WHERE "id" = $${sets.length + 1}`,
    args: [...Object.values(columns), job],
  }
}

function progressColumns(progress: JobProgress): Record<string, Value> {
  const { id: _id, taskCount: _taskCount, overhead, ...columns } = progress
  return { ...columns, overheadExpected: overhead.expected, overheadMeasured: overhead.measured }
}

/** Outputs that follow each other in memory are written at once. */
function joined(pieces: readonly Uint8Array[]): Uint8Array[] {
  const joint: Uint8Array[] = []
  for (const piece of pieces) {
    const last = joint.at(-1)
    if (last !== undefined && last.buffer === piece.buffer && last.byteOffset + last.byteLength === piece.byteOffset)
      joint[joint.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.byteLength + piece.byteLength)
    else joint.push(piece)
  }
  return joint
}

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
    case 'reputationChanged':
      return null
  }
}

function tasks(from: number, to: number): string {
  return to - from === 1 ? `task ${from}` : `tasks ${from} to ${to - 1}`
}
