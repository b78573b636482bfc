import { ratio, totalOf } from './decimal.ts'
import { type Candle, type Group, groupsOf } from './group-totals.ts'
import { type Layout, volumeOf } from './layout.ts'
import type { Total } from './merge.ts'
import type { CandleResult, GroupsResult, Period } from './shapes.ts'
import { finite } from './summary.ts'

/** The part of the result that holds groups, one after the other: there may be hundreds of thousands. */
export function* groupPieces(by: Period, total: Total, layout: Layout): Generator<string> {
  const groups = groupsOf(total.groups)
  const head: Omit<GroupsResult, 'items'> = { by, omitted: total.groups.omitted }
  yield `,"groups":${JSON.stringify(head).slice(0, -1)},"items":[`
  for (const [at, group] of groups.entries()) {
    // Written by hand: objects would put names like "2" before others.
    const columns = candlesOf(group, layout).map(
      (candle, slot) => `${JSON.stringify(layout.numeric[slot]?.name)}:${JSON.stringify(candle)}`,
    )
    const from = JSON.stringify(startOf(by, group))
    yield `${at === 0 ? '' : ','}{"from":${from},"rows":${group.rows},"columns":{${columns.join(',')}}}`
  }
  yield ']}'
}

/** By slot. */
export function candlesOf({ candles }: Group, layout: Layout): CandleResult[] {
  return candles.map((candle, slot) => {
    const from = volumeOf(layout, slot)
    const volume = from === null ? null : volumeJson(candles[from] ?? null)
    if (!candle) return { count: 0, open: null, high: null, low: null, close: null, volume }
    const { count, open, high, low, close } = candle
    return { count, open: open.value, high, low, close: close.value, volume }
  })
}

function volumeJson(candle: Candle | null): number | null {
  if (!candle) return null
  const { m, scale } = totalOf(candle.volume)
  return finite(ratio(m, 1n, scale))
}

/** ISO 8601 UTC. */
export function startOf(by: Period, { id }: Group): string {
  if (by === 'month') return new Date(Date.UTC(1970, id)).toISOString()
  return new Date(id * (by === 'hour' ? 3_600_000 : 86_400_000)).toISOString()
}
