import { MalformedOutput } from '../define.ts'
import type { Finding, InvalidAt } from './shapes.ts'

// What every part of an output is made of: rows and bytes where something is, and what they are held against. Rows count
// from the task's first, bytes from its slice's start; times are nanoseconds since 1970 UTC.

export type Time = bigint

export interface Place {
  readonly row: number
  readonly byte: number
  readonly reason: number
}

/** A value with the row it stands in and that row's time, if it has one. */
export interface Moment {
  readonly value: number
  readonly row: number
  readonly time: Time | null
}

export const MOST_PLACES = 100

/** What is no number that can be computed with. */
export const UNREADABLE = [1, 2, 3] as const
export const NEGATIVE = 4
export const OUTSIDE = 5
export const NOT_A_TIME = 6
export const TOO_LONG = 7

/** By the numbers the kernel gives. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'not a number',
  2: 'exponent beyond 400',
  3: 'too large for a double',
  [NEGATIVE]: 'below zero',
  [OUTSIDE]: 'outside the price range',
  [NOT_A_TIME]: 'not a time in this format',
  [TOO_LONG]: 'record over 1 MiB',
}

export function reasonText(reason: number): string {
  return REASONS[reason] ?? 'unknown'
}

/** Places with a count of all there are. */
export interface Found {
  count: number
  /** The first hundred; rows and bytes of the file. */
  readonly places: Place[]
}

/** Where a task's rows and bytes begin in the file. */
export interface Origin {
  readonly row: number
  readonly byte: number
}

export function addFound(found: Found, count: number, places: readonly Place[], origin: Origin): void {
  found.count += count
  for (const place of places.slice(0, MOST_PLACES - found.places.length))
    found.places.push({ row: place.row + origin.row, byte: place.byte + origin.byte, reason: place.reason })
}

/** What every part of an output is held against: its slice, and the times the output itself tells of. */
export interface Facts {
  readonly rows: number
  readonly bytes: number
  /** Rows without a valid time. */
  readonly untimed: number
  readonly times: { readonly lowest: Time; readonly highest: Time } | null
}

export function insist(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new MalformedOutput(otherwise)
}

interface Expected {
  readonly what: string
  /** How many there are in all. */
  readonly count: number
  readonly reasons: readonly number[]
  /** A row may have several. */
  readonly repeated?: boolean
}

/** The first of something in the slice, in the order of its bytes. A row takes at least one byte. */
export function checkPlaces(
  places: readonly Place[],
  { what, count, reasons, repeated }: Expected,
  facts: Facts,
): void {
  insist(places.length === Math.min(count, MOST_PLACES), `The output lists ${places.length} of ${count} ${what}.`)
  let row = -1
  let byte = -1
  for (const place of places) {
    const ascends = (repeated ? place.row >= row : place.row > row) && place.byte > byte
    insist(ascends && isWithin(place, facts), `The output names a place of ${what} that is none of its slice.`)
    insist(reasons.includes(place.reason), `The output gives a reason for ${what} that there is not.`)
    row = place.row
    byte = place.byte
  }
}

export function isWithin({ row, byte }: { readonly row: number; readonly byte: number }, facts: Facts): boolean {
  return row < facts.rows && row <= byte && facts.rows - row <= facts.bytes - byte
}

export function checkMoment({ row, time }: Moment, { rows, times }: Facts): void {
  insist(row < rows, 'The output names a row that is none of its slice.')
  if (time !== null) insist(isKnown(time, times), 'The output names a time that lies outside its own.')
}

export function isKnown(time: Time, times: Facts['times']): boolean {
  return times !== null && time >= times.lowest && time <= times.highest
}

export function foundJson({ count, places }: Found): Finding {
  return { count, places: places.map(({ row, byte }) => ({ row, byte })) }
}

export function invalidPlaces({ places }: Found): InvalidAt[] {
  return places.map(({ row, byte, reason }) => ({ row, byte, reason: reasonText(reason) }))
}

export function timeOf(moment: Moment): bigint {
  return moment.time ?? 0n
}
