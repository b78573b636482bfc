import type { BtcParams } from './params.ts'
import { decodeSeries, HEADER_BYTES, type Series, within } from './series.ts'

/** The part of the stored series that these params ask for. */
export function seriesOf(params: BtcParams, bytes: Uint8Array): Series {
  return asked(params, decodeSeries(bytes))
}

/** Where the prices of that part stand in the stored series: all that a device needs of it. */
export function pricesAt(params: BtcParams, bytes: Uint8Array): readonly [start: number, end: number] {
  const stored = decodeSeries(bytes)
  const { prices } = asked(params, stored)
  const start = HEADER_BYTES + prices.byteOffset - stored.prices.byteOffset
  return [start, start + prices.byteLength]
}

function asked({ from, to }: BtcParams, stored: Series): Series {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))
  return within(stored, time(from), time(to))
}
