// Pool time: starts at 0, never runs backwards, and does not believe in leaps. The host's clock may be set, and the
// process may be stopped for an hour; neither says anything about how long a device has been silent.

/** Longest step believed at once. Ticks come every second, so a longer one is a leap; a few leaps expire no fresh lease. */
const LONGEST_STEP_MS = 4000

export interface Clock {
  /** Pool time in milliseconds. */
  now: number
  /** The host's clock at the last event, milliseconds since 1970. */
  at: number
  /** The last day asked for: every result asks for it. */
  day: number
  dayName: string
}

export function clockAt(at: number): Clock {
  return { now: 0, at, day: Number.NaN, dayName: '' }
}

export function advance(clock: Clock, at: number): void {
  clock.now += Math.min(Math.max(at - clock.at, 0), LONGEST_STEP_MS)
  clock.at = at
}

const DAY_MS = 86_400_000

/** UTC calendar day of the last event. */
export function today(clock: Clock): string {
  const day = Math.floor(clock.at / DAY_MS)
  if (day !== clock.day) {
    clock.day = day
    clock.dayName = dayOf(clock.at)
  }
  return clock.dayName
}

/** UTC calendar day, YYYY-MM-DD. Howard Hinnant's days-to-civil, http://howardhinnant.github.io/date_algorithms.html */
export function dayOf(at: number): string {
  const days = Math.floor(at / DAY_MS) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** ISO 8601 UTC. */
export function isoOf(at: number): string {
  const ms = ((at % DAY_MS) + DAY_MS) % DAY_MS
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const seconds = two((ms / 1000) % 60)
  return `${dayOf(at)}T${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${seconds}.${String(Math.floor(ms % 1000)).padStart(3, '0')}Z`
}

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
