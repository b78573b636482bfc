/** A set of whole numbers as sorted runs `[starts[i], ends[i])` that neither touch nor overlap. */
export interface Intervals {
  readonly starts: number[]
  readonly ends: number[]
  /** How many numbers are in the set. */
  size: number
}

export function intervals(from = 0, to = 0): Intervals {
  return to > from ? { starts: [from], ends: [to], size: to - from } : { starts: [], ends: [], size: 0 }
}

/** Index of the first run that ends after `n`; the number of runs if none does. */
function seek(set: Intervals, n: number): number {
  const { ends } = set
  let low = 0
  let high = ends.length
  if (high === 0 || (ends[0] as number) > n) return 0
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) > n) high = middle
    else low = middle + 1
  }
  return low
}

export function has(set: Intervals, n: number): boolean {
  const i = seek(set, n)
  return i < set.starts.length && (set.starts[i] as number) <= n
}

/** Adds `[from, to)`; answers how many of them were not in the set. */
export function add(set: Intervals, from: number, to: number): number {
  if (to <= from) return 0
  const { starts, ends } = set
  // Runs that only touch are merged too, so that neighbours stay one run.
  const first = seek(set, from - 1)
  let last = first
  let start = from
  let end = to
  let covered = 0
  while (last < starts.length && (starts[last] as number) <= to) {
    start = Math.min(start, starts[last] as number)
    end = Math.max(end, ends[last] as number)
    covered += (ends[last] as number) - (starts[last] as number)
    last++
  }
  if (last === first + 1) {
    starts[first] = start
    ends[first] = end
  } else {
    starts.splice(first, last - first, start)
    ends.splice(first, last - first, end)
  }
  const grown = end - start - covered
  set.size += grown
  return grown
}

/** Removes `[from, to)`; answers how many of them were in the set. */
export function remove(set: Intervals, from: number, to: number): number {
  const { starts, ends } = set
  const first = seek(set, from)
  if (to <= from || first === starts.length || (starts[first] as number) >= to) return 0
  const start = starts[first] as number
  const end = ends[first] as number
  if (start <= from && end >= to) {
    // The common case: one run loses its front, its back, its middle or all of itself.
    if (start === from && end === to) {
      starts.splice(first, 1)
      ends.splice(first, 1)
    } else if (start === from) starts[first] = to
    else if (end === to) ends[first] = from
    else {
      starts.splice(first, 1, start, to)
      ends.splice(first, 1, from, end)
    }
    set.size -= to - from
    return to - from
  }
  let last = first
  let removed = 0
  const keep: [number, number][] = []
  while (last < starts.length && (starts[last] as number) < to) {
    const a = starts[last] as number
    const b = ends[last] as number
    if (a < from) keep.push([a, from])
    if (b > to) keep.push([to, b])
    removed += Math.min(b, to) - Math.max(a, from)
    last++
  }
  starts.splice(first, last - first, ...keep.map(([a]) => a))
  ends.splice(first, last - first, ...keep.map(([, b]) => b))
  set.size -= removed
  return removed
}

/** The runs of the set inside `[from, to)`, in order; a copy, so the set may change while they are walked. */
export function within(set: Intervals, from: number, to: number): [number, number][] {
  const runs: [number, number][] = []
  for (let i = seek(set, from); i < set.starts.length && (set.starts[i] as number) < to; i++) {
    runs.push([Math.max(set.starts[i] as number, from), Math.min(set.ends[i] as number, to)])
  }
  return runs
}

export function runs(set: Intervals): [number, number][] {
  return set.starts.map((start, i) => [start, set.ends[i] as number])
}

/** Calls `visit` with the longest runs inside `[from, to)` for which `holds`. */
export function eachRun(
  from: number,
  to: number,
  holds: (task: number) => boolean,
  visit: (from: number, to: number) => void,
): void {
  let start = -1
  for (let task = from; task <= to; task++) {
    const now = task < to && holds(task)
    if (now && start < 0) start = task
    if (!now && start >= 0) {
      visit(start, task)
      start = -1
    }
  }
}
