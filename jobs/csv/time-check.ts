import { checkPlaces, type Facts, insist, isKnown, isWithin } from './facts.ts'
import { NOT_A_TIME } from './reasons.ts'
import { type Gap, MOST_GAPS, type Time, type TimeState } from './state.ts'
import { GAP_LIMITS, longerFirst } from './time-total.ts'

/** The years 1678 to 2261, with a day on both sides for zones and for counts since 1970. */
const EARLIEST: Time = BigInt(Date.UTC(1677, 11, 31)) * 1_000_000n
const LATEST: Time = BigInt(Date.UTC(2262, 0, 2)) * 1_000_000n

export function checkTime(time: TimeState, facts: Facts, all: boolean): void {
  const { count, empty, invalid } = time
  insist(count + empty + invalid === facts.rows, 'The times of the output do not add up to its rows.')
  checkPlaces(time.places, { what: 'invalid times', count: invalid, reasons: [NOT_A_TIME] }, facts)
  checkPlaces(time.orderPlaces, { what: 'times out of order', count: time.outOfOrder, reasons: [0] }, facts)
  if (count === 0) checkNone(time)
  else checkRange(time, facts)
  checkSteps(time, all)
  checkLongest(time, facts, all)
}

function checkNone({ lowest, highest, first, last }: TimeState): void {
  const moments = [lowest, highest, first.time, last.time].every((moment) => moment === 0n)
  insist(moments && first.row === 0 && first.byte === 0 && last.row === 0, 'The output has times and counts none.')
}

function checkRange({ count, lowest, highest, first, last }: TimeState, facts: Facts): void {
  insist(EARLIEST <= lowest && lowest <= highest && highest <= LATEST, 'The output has times that there are not.')
  const known = isKnown(first.time, facts.times) && isKnown(last.time, facts.times)
  insist(known, 'The output begins or ends with a time that lies outside its own.')
  const rows = last.row - first.row
  const placed = isWithin(first, facts) && last.row < facts.rows && rows >= count - 1
  insist(placed, 'The output has its first or last time in a row that cannot be.')
  insist(count > 1 || (rows === 0 && lowest === highest), 'The output has one time and tells of several.')
}

/** Of each time against the one before it; only with all statistics. */
function checkSteps({ count, outOfOrder, duplicates, gaps }: TimeState, all: boolean): void {
  const [minute, hour, day] = gaps
  const steps = all ? Math.max(0, count - 1) : 0
  insist(outOfOrder + duplicates + minute <= steps, 'The output counts more steps of time than there are.')
  insist(day <= hour && hour <= minute, 'The output counts more long gaps than shorter ones.')
}

function checkLongest({ count, outOfOrder, duplicates, gaps, longest }: TimeState, facts: Facts, all: boolean): void {
  const forward = all && count > 0 ? count - 1 - outOfOrder - duplicates : 0
  insist(longest.length === Math.min(forward, MOST_GAPS), 'The output lists other gaps than there are.')
  for (const [at, gap] of longest.entries()) {
    const known = gap.from < gap.to && isKnown(gap.from, facts.times) && isKnown(gap.to, facts.times)
    insist(known && gap.row < facts.rows, 'The output has a gap that cannot be.')
    insist(at === 0 || longerFirst(longest[at - 1]!, gap) < 0, 'The gaps of the output are in no order.')
  }
  insist(new Set(longest.map(({ row }) => row)).size === longest.length, 'The output has two gaps in one row.')
  for (const i of [0, 1, 2] as const) {
    const over = longest.filter((gap: Gap) => gap.to - gap.from > GAP_LIMITS[i]).length
    insist(over === Math.min(gaps[i], MOST_GAPS), 'The gaps of the output do not fit their counts.')
  }
}
