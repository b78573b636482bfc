// Local wall-clock times to UTC. Wall times that a zone's clock shows twice mean the first; those it skips are read with
// the offset from before the jump.

const HOUR_MS = 3_600_000
const OFFSET = /^([+-])(\d\d):?(\d\d)$/

/** Turns a wall-clock time, given as the UTC time that would read the same, into UTC milliseconds. */
export type Zone = (wallMs: number) => number

/** `UTC`, an offset like `+01:00`, or a name like `Europe/Berlin`; undefined for anything else. */
export function zoneOf(name: string): Zone | undefined {
  if (/^(utc|z|gmt)$/i.test(name)) return (wallMs) => wallMs
  const offset = OFFSET.exec(name)
  if (offset) {
    const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 * (offset[1] === '-' ? -1 : 1)
    return (wallMs) => wallMs - ms
  }
  try {
    return named(name)
  } catch {
    return undefined
  }
}

function named(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsets = new Map<number, number>()
  // Asking is slow and imports are long: offsets change on quarter hours at most.
  function offsetAt(utcMs: number): number {
    const quarter = Math.floor(utcMs / (HOUR_MS / 4))
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const at = quarter * (HOUR_MS / 4)
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - at
    offsets.set(quarter, offset)
    return offset
  }
  return (wallMs) => {
    const before = offsetAt(wallMs - 24 * HOUR_MS)
    const after = offsetAt(wallMs + 24 * HOUR_MS)
    if (before === after) return wallMs - before
    const early = wallMs - before
    if (offsetAt(early) === before) return early
    const late = wallMs - after
    return offsetAt(late) === after ? late : early
  }
}
