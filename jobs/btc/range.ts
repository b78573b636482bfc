import type { BtcParams } from './params.ts'
import { decodeSeries, type Series, within } from './series.ts'

/** The part of the stored series that these params ask for. */
export function seriesOf({ from, to }: BtcParams, bytes: Uint8Array): Series {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))
  return within(decodeSeries(bytes), time(from), time(to))
}
