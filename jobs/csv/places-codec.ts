import type { Reader, Writer } from './bytes.ts'
import { MOST_PLACES, type Moment, type Place } from './state.ts'

export const most32 = 0xffffffff

/** Rows and bytes ascend, so their differences are small. */
export function encodePlaces(out: Writer, places: readonly Place[]): void {
  out.whole(places.length)
  let row = 0
  let byte = 0
  for (const place of places) {
    out.whole(place.row - row)
    out.whole(place.byte - byte)
    out.whole(place.reason)
    row = place.row
    byte = place.byte
  }
}

export function decodePlaces(input: Reader): Place[] {
  let row = 0
  let byte = 0
  return input.list(MOST_PLACES, () => {
    row += input.whole(most32)
    byte += input.whole(most32)
    return { row, byte, reason: input.whole(255) }
  })
}

/** 0: none; 1: without a time; 2: with one. */
export function encodeMoment(out: Writer, moment: Moment | null): void {
  out.whole(moment === null ? 0 : moment.time === null ? 1 : 2)
  if (!moment) return
  out.double(moment.value)
  out.whole(moment.row)
  if (moment.time !== null) out.big(moment.time)
}

export function decodeMoment(input: Reader): Moment | null {
  const form = input.whole(2)
  if (form === 0) return null
  return { value: input.double(), row: input.whole(most32), time: form === 2 ? input.big() : null }
}
