/** Things that fall due at a time in pool milliseconds. Adding, moving and taking out cost the same however many there are. */
export interface Wheel<Thing> {
  readonly slots: Map<number, Set<Thing>>
  /** Slots before this one have been emptied. */
  next: number
}

const SLOT_MS = 500

export function wheel<Thing>(): Wheel<Thing> {
  return { slots: new Map(), next: 0 }
}

/** Answers the slot to name when taking the thing out again. */
export function put<Thing>(on: Wheel<Thing>, thing: Thing, dueMs: number): number {
  const slot = Math.max(on.next, Math.ceil(dueMs / SLOT_MS))
  const there = on.slots.get(slot)
  if (there) there.add(thing)
  else on.slots.set(slot, new Set([thing]))
  return slot
}

export function take<Thing>(from: Wheel<Thing>, thing: Thing, slot: number): void {
  const there = from.slots.get(slot)
  if (!there?.delete(thing)) return
  if (there.size === 0) from.slots.delete(slot)
}

/** Takes out and answers what is due at `nowMs`, in the order it was put in. */
export function due<Thing>(from: Wheel<Thing>, nowMs: number): Thing[] {
  const things: Thing[] = []
  const last = Math.floor(nowMs / SLOT_MS)
  for (; from.next <= last; from.next++) {
    const there = from.slots.get(from.next)
    if (!there) continue
    for (const thing of there) things.push(thing)
    from.slots.delete(from.next)
  }
  return things
}
