import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import type { Change } from '../pool/effects.ts'
import type { DecidedRun } from './port.ts'

type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>
/** Changes that decide which output of a task counts; what the history of a job is made of, attempts aside. */
export type Decision = ChangeOf<'tasksDecided' | 'tasksValidated' | 'resultsRevoked'>

/** Where a run's outputs lie in its job's file. `lengths`: one word if all are equal. */
export interface Place {
  readonly offset: number
  readonly lengths: Uint32Array
}

/** A kept result. `place` says where its outputs are; null for agreeing ones, whose bytes are the deciding ones', and for noted ones. */
export interface Run<Place> {
  readonly from: number
  readonly to: number
  readonly device: DeviceId
  readonly volunteer: VolunteerId
  readonly place: Place | null
}

export type KeptRun<Place> = Run<Place> & { readonly state: ChangeOf<'resultKept'>['state'] }

/** Which result decides each task of one job: kept results and decisions, replayed in the order of their commits. */
export interface Runs<Place> {
  keep(run: KeptRun<Place>): void
  decide(decision: Decision): void
  /** Kept results in the order of their commits. */
  kept(): readonly Run<Place>[]
  /**
   * Whether anybody may still ask for the bytes that the result at `index` of `kept` has for a task: they are the accepted
   * ones or, while the job goes on, the last that were kept for the task.
   */
  needed(ended: boolean): (index: number, task: number) => boolean
  /** Whose bytes are the accepted outputs of `from … to−1`, in task order; no run where a task is open. */
  sources(from: number, to: number): Iterable<Span<Place>>
  decided(): DecidedRun[]
  /** This device is no longer believed, after all the others had their say. */
  distrust(device: DeviceId): void
  /** Tasks that rest on the word of distrusted devices alone. */
  doubted(): number
}

/** Consecutive tasks whose outputs are in the same result. */
export interface Span<Place> {
  readonly from: number
  readonly to: number
  readonly run: (Run<Place> & { readonly place: Place }) | undefined
}

interface Kept<Place> extends Run<Place> {
  readonly index: number
  /** One flag per task of the run: its device was caught lying about it. */
  revoked: Uint8Array | null
  /** For an agreeing run: the runs that hold equal bytes. */
  readonly sources: Int32Array | null
}

const OPEN = -1

export function createRuns<Place>(taskCount: number): Runs<Place> {
  const kept: Kept<Place>[] = []
  /** Per device, in order of `from`, so that a decision finds the few runs it touches. */
  const byDevice = new Map<DeviceId, Kept<Place>[]>()
  let longest = 0
  const deciders = new Int32Array(taskCount).fill(OPEN)
  /** One flag per task: others agreed with its decider, or the host said so. */
  const vouched = new Uint8Array(taskCount)
  const distrusted = new Set<DeviceId>()

  function sourceIndex(task: number): number {
    const run = kept[deciders[task] ?? OPEN]
    if (run === undefined) return OPEN
    if (run.place !== null) return run.index
    return run.sources?.[task - run.from] ?? OPEN
  }

  /** Calls `visit` with each task of `device`'s results in the range that was not revoked, older results first. */
  function eachResult(device: DeviceId, from: number, to: number, visit: (run: Kept<Place>, task: number) => void) {
    const list = byDevice.get(device) ?? []
    const touched: Kept<Place>[] = []
    for (let i = firstFrom(list, from - longest); i < list.length && list[i]!.from < to; i++) {
      if (list[i]!.to > from) touched.push(list[i]!)
    }
    for (const run of touched.sort((a, b) => a.index - b.index)) {
      for (let task = Math.max(from, run.from); task < Math.min(to, run.to); task++) {
        if (run.revoked?.[task - run.from] !== 1) visit(run, task)
      }
    }
  }

  return {
    keep({ state, from, to, device, volunteer, place }) {
      const index = kept.length
      const sources =
        state === 'agreed' ? Int32Array.from({ length: to - from }, (_, i) => sourceIndex(from + i)) : null
      const run: Kept<Place> = { from, to, device, volunteer, place, index, revoked: null, sources }
      kept.push(run)
      longest = Math.max(longest, to - from)
      const list = byDevice.get(device)
      if (list === undefined) byDevice.set(device, [run])
      else list.splice(firstFrom(list, from + 1), 0, run)
      if (state !== 'accepted') return
      deciders.fill(index, from, to)
      vouched.fill(0, from, to)
    },
    decide(decision) {
      const { from, to } = decision
      switch (decision.type) {
        case 'tasksDecided': {
          const alone = decision.how === 'trusted' || decision.how === 'unchecked'
          eachResult(decision.device, from, to, (run, task) => {
            deciders[task] = run.index
            vouched[task] = alone ? 0 : 1
          })
          return
        }
        case 'tasksValidated':
          vouched.fill(1, from, to)
          return
        case 'resultsRevoked':
          eachResult(decision.device, from, to, (run, task) => {
            run.revoked ??= new Uint8Array(run.to - run.from)
            run.revoked[task - run.from] = 1
            if (deciders[task] !== run.index) return
            deciders[task] = OPEN
            vouched[task] = 0
          })
          return
        default:
          decision satisfies never
      }
    },
    kept: () => kept,
    needed(ended) {
      const last = new Int32Array(ended ? 0 : taskCount).fill(OPEN)
      if (!ended) for (const { from, to, place, index } of kept) if (place !== null) last.fill(index, from, to)
      return (index, task) => sourceIndex(task) === index || last[task] === index
    },
    *sources(from, to) {
      for (let start = from, end = from; start < to; start = end) {
        const index = sourceIndex(start)
        for (end = start + 1; end < to && sourceIndex(end) === index; ) end++
        const run = kept[index]
        yield { from: start, to: end, run: run === undefined ? undefined : withPlace(run) }
      }
    },
    decided() {
      const found: DecidedRun[] = []
      for (let from = 0, to = 0; from < taskCount; from = to) {
        const first = kept[deciders[from]!]
        for (to = from + 1; to < taskCount && kept[deciders[to]!]?.device === first?.device; ) to++
        if (first !== undefined) found.push({ from, to, device: first.device, volunteer: first.volunteer })
      }
      return found
    },
    distrust: (device) => void distrusted.add(device),
    doubted() {
      let tasks = 0
      for (let task = 0; task < taskCount; task++) {
        const run = kept[deciders[task]!]
        if (run !== undefined && vouched[task] === 0 && distrusted.has(run.device)) tasks++
      }
      return tasks
    },
  }
}

function withPlace<Place>(run: Run<Place>): Run<Place> & { readonly place: Place } {
  if (run.place === null) throw new Error('A result without bytes was taken as a source of bytes')
  return { ...run, place: run.place }
}

/** Index of the first run whose `from` is at least `from`. */
function firstFrom(runs: readonly { readonly from: number }[], from: number): number {
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (runs[middle]!.from < from) low = middle + 1
    else high = middle
  }
  return low
}
