/** What will happen, in order of virtual time; equal times in the order they were planned. */
export interface Agenda {
  now: number
  plan(inMs: number, act: () => void): void
  /** Does what is next; false when nothing is planned before `until`. */
  step(until: number): boolean
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly act: () => void
}

export function agenda(): Agenda {
  const heap: Entry[] = []
  let order = 0
  const before = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order)
  const self: Agenda = {
    now: 0,
    plan(inMs, act) {
      const entry = { at: self.now + Math.max(0, inMs), order: order++, act }
      let at = heap.push(entry) - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!before(entry, heap[parent] as Entry)) break
        heap[at] = heap[parent] as Entry
        at = parent
      }
      heap[at] = entry
    },
    step(until) {
      const first = heap[0]
      if (!first || first.at > until) return false
      const last = heap.pop() as Entry
      if (heap.length > 0) sink(heap, last, before)
      self.now = first.at
      first.act()
      return true
    },
  }
  return self
}

function sink(heap: Entry[], entry: Entry, before: (a: Entry, b: Entry) => boolean): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
    if (!before(heap[child] as Entry, entry)) break
    heap[at] = heap[child] as Entry
    at = child
  }
  heap[at] = entry
}
