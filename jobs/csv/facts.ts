import { MalformedOutput } from '../define.ts'
import { MOST_PLACES, type Moment, type Place, type Time } from './state.ts'

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

export interface Expected {
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
