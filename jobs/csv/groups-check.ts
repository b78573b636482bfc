import { ratio, totalOf } from './decimal.ts'
import { checkMoment, type Facts, insist } from './facts.ts'
import { ascends } from './figures-check.ts'
import { type Layout, roleOf } from './layout.ts'
import type { Period } from './shapes.ts'
import type { CandleState, ColumnState, GroupState, Moment, TaskState, Time } from './state.ts'

const HOUR = 3_600_000_000_000n

/** `by`: null where no groups were asked for. */
export function checkGroups({ groups, columns }: TaskState, layout: Layout, by: Period | null, facts: Facts): void {
  const { times, rows, untimed } = facts
  if (!by || !times) {
    insist(groups.length === 0, 'The output has groups where there are none.')
    return
  }
  const [earliest, latest] = [groupOf(times.lowest, by), groupOf(times.highest, by)]
  const known = new Map<number, GroupState>()
  const values = columns.map(() => 0)
  for (const group of groups) {
    insist(group.id >= earliest && group.id <= latest, 'The output has a group that lies outside its times.')
    insist(!known.has(group.id), 'The output has a group twice.')
    known.set(group.id, group)
    insist(group.rows > 0, 'The output has a group of no rows.')
    checkCandles(group, layout, columns, by, facts)
    for (const { slot, count } of group.candles) values[slot]! += count
  }
  const counted = groups.reduce((sum, group) => sum + group.rows, 0)
  insist(counted === rows - untimed, 'The groups of the output do not add up to its times.')
  for (const [slot, column] of columns.entries()) {
    const candleOf = ({ time }: Moment) => known.get(groupOf(time!, by))?.candles.find((candle) => candle.slot === slot)
    checkSlot(column, values[slot]!, candleOf, untimed)
  }
}

/** Hours, days or months since 1970, as groups.as.ts counts them. */
function groupOf(time: Time, by: Period): number {
  const hours = Number((time - (((time % HOUR) + HOUR) % HOUR)) / HOUR)
  if (by === 'hour') return hours
  if (by === 'day') return Math.floor(hours / 24)
  const date = new Date(hours * 3_600_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

function checkCandles(group: GroupState, layout: Layout, columns: readonly ColumnState[], by: Period, facts: Facts) {
  let before = -1
  for (const candle of group.candles) {
    const { slot, count, open, close, high, low } = candle
    const column = columns[slot]
    insist(slot > before && column !== undefined, 'The candles of the output are of no column, or in no order.')
    before = slot
    insist(
      count > 0 && count <= group.rows,
      'The output has a candle of no values, or of more than its group has rows.',
    )
    for (const moment of [open, close]) {
      checkMoment(moment, facts)
      const inside = moment.time !== null && groupOf(moment.time, by) === group.id
      insist(inside, 'The output has a candle that opens or closes outside its group.')
    }
    insist(
      open.time! <= close.time! && (count > 1 || same(open, close)),
      'The output has a candle that closes before it opens.',
    )
    const inside = [open, close].every(({ value }) => value >= low && value <= high)
    const possible = column.min && column.max && low >= column.min.value && high <= column.max.value
    insist(inside && possible === true, 'The output has a candle that exceeds its column.')
    checkVolume(candle, roleOf(layout.numeric[slot]!.name).volume)
  }
}

function checkVolume({ count, volume, high, low }: CandleState, asked: boolean): void {
  if (!asked) {
    insist(volume.length === 0, 'The output has a volume of a column that is none.')
    return
  }
  // A long decimal has two parts.
  insist(
    ascends(volume) && volume.length <= 2 * count,
    'The output has volumes in no order, or more of them than values.',
  )
  const { m, scale } = totalOf(new Map(volume.map(({ scale, sum }) => [scale, sum])))
  const mean = ratio(m, BigInt(count), scale)
  insist(mean >= low && mean <= high, 'The output has a volume that does not fit its values.')
}

/** Every value whose row has a time is in one candle; the first and the last by time are where they belong. */
function checkSlot(
  { count, first, last }: ColumnState,
  values: number,
  candleOf: (moment: Moment) => CandleState | undefined,
  untimed: number,
): void {
  const wrong = 'The candles of the output do not add up to their column.'
  insist(values <= count && values >= count - untimed && values > 0 === (first !== null), wrong)
  if (!first || !last) return
  const [opening, closing] = [candleOf(first), candleOf(last)]
  insist(opening !== undefined && closing !== undefined, wrong)
  insist(same(opening.open, first) && same(closing.close, last), wrong)
}

function same(a: Moment, b: Moment): boolean {
  return a.value === b.value && a.row === b.row && a.time === b.time
}
