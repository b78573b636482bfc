import { MOST_PLACES, type Place } from './state.ts'

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
