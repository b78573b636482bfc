import { MalformedOutput } from '../define.ts'
import type { Reader, Writer } from './bytes.ts'
import { decodeMoment, encodeMoment, most32 } from './places-codec.ts'
import type { CandleState, GroupState } from './state.ts'

export function encodeGroups(out: Writer, groups: readonly GroupState[]): void {
  out.whole(groups.length)
  for (const group of groups) {
    out.integer(group.id)
    out.whole(group.rows)
    out.whole(group.candles.length)
    for (const candle of group.candles) encodeCandle(out, candle)
  }
}

export function decodeGroups(input: Reader): GroupState[] {
  return input.list(10_000_000, () => ({
    id: input.integer(),
    rows: input.whole(most32),
    candles: input.list(256, () => decodeCandle(input)),
  }))
}

function encodeCandle(out: Writer, candle: CandleState): void {
  out.whole(candle.slot)
  out.whole(candle.count)
  encodeMoment(out, candle.open)
  if (candle.count > 1) {
    encodeMoment(out, candle.close)
    out.double(candle.high)
    out.double(candle.low)
  }
  out.whole(candle.volume.length)
  for (const { scale, sum } of candle.volume) {
    out.integer(scale)
    out.big(sum)
  }
}

function decodeCandle(input: Reader): CandleState {
  const slot = input.whole(255)
  const count = input.whole(most32)
  const open = decodeMoment(input)
  const close = count > 1 ? decodeMoment(input) : open
  if (!open || !close) throw new MalformedOutput('A candle in the output has no open or close.')
  const high = count > 1 ? input.double() : open.value
  const low = count > 1 ? input.double() : open.value
  const volume = input.list(1_000_000, () => ({ scale: input.scale(), sum: input.big() }))
  return { slot, count, open, close, high, low, volume }
}
