// Time text to nanoseconds since 1970 UTC, by a pattern compiled in time-pattern.ts. Knows no names of patterns.

import { clockTime, learnClock, readClock } from './clock.as'

const YEAR: u32 = 1
const MONTH: u32 = 2
const DAY: u32 = 3
const HOUR: u32 = 4
const MINUTE: u32 = 5
const SECOND: u32 = 6
const FRACTION: u32 = 7
const ZONE: u32 = 8
const SEPARATOR: u32 = 9
const OPTIONAL: u32 = 10
const UNIX: u32 = 11
const LITERAL: u32 = 15
const SHORT: u32 = 32

export const program = memory.data(256)
const tens = memory.data<i64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000])
const padding = memory.data(16)

/** What `parseTime` read. */
export let time: i64 = 0

let year: i32 = 0
let month: i32 = 0
let day: i32 = 0
let hour: i32 = 0
let minute: i32 = 0
/** Of year, month, day, hour, minute, a bit each. */
let seen: u32 = 0

// Where two digits of the clock stand; 0 where there are none.
let hoursAt: usize = 0
let minutesAt: usize = 0
let secondsAt: usize = 0
let fractionAt: usize = 0
let fractionDigits: u32 = 0

/** Where the time that starts at `at` ends, or 0 when there is none. At least 48 readable bytes must follow. */
export function parseTime(at: usize): usize {
  if (!ASC_FEATURE_SIMD) return parse(at)
  const like = readClock(at)
  if (like) {
    time = clockTime
    return like
  }
  return learn(at, parse(at))
}

/** As `parseTime`, where blanks may still stand around a cell: none of them belongs to its time. */
export function bareTime(at: usize): usize {
  const end = parseTime(at)
  return end && load<u8>(at) != 32 && load<u8>(end - 1) != 32 ? end : 0
}

function learn(at: usize, end: usize): usize {
  if (end) learnClock(at, end, time, hoursAt, minutesAt, secondsAt, fractionAt, fractionDigits)
  return end
}

function parse(at: usize): usize {
  let p = at
  let op = program
  let second: i32 = 0
  let nanos: i64 = 0
  let offset: i32 = 0
  seen = 0
  hoursAt = minutesAt = secondsAt = fractionAt = 0
  fractionDigits = 0
  for (;;) {
    const code: u32 = load<u8>(op++)
    if (!code) break
    if (code == LITERAL) {
      if (load<u8>(p++) != load<u8>(op++)) return 0
    } else if (code == SECOND) {
      secondsAt = p
      second = two(p)
      if (<u32>second > 59) return 0
      p += 2
    } else if (code == FRACTION) {
      let digits: u32 = 0
      for (let d: u32 = <u32>load<u8>(p) - 48; d < 10; d = <u32>load<u8>(++p) - 48) {
        nanos = nanos * 10 + d
        if (++digits > 9) return 0
      }
      if (!digits) return 0
      fractionAt = p - digits
      fractionDigits = digits
      nanos *= load<i64>(tens + (<usize>(9 - digits) << 3))
    } else if (code == ZONE) {
      p = zone(p)
      if (!p) return 0
      offset = zoneMinutes
    } else if (code == OPTIONAL) {
      const length = load<u8>(op++)
      const next: u32 = load<u8>(op)
      const c: u32 = load<u8>(p)
      const here =
        next == LITERAL ? c == load<u8>(op, 1) : next == SEPARATOR ? isSeparator(c) : next == ZONE ? isZone(c) : false
      if (!here) op += length
    } else if (code == SEPARATOR) {
      if (!isSeparator(load<u8>(p++))) return 0
    } else if (code >= UNIX && code < LITERAL) return unix(p, code - UNIX)
    else {
      p = part(p, code)
      if (!p) return 0
    }
  }
  if (!valid()) return 0
  time = minutesOf() + <i64>second * 1000000000 + nanos - <i64>offset * 60000000000
  return p
}

// @ts-ignore: decorator
@inline
function isSeparator(c: u32): bool {
  return c == 84 || c == 32 || c == 116
}

// @ts-ignore: decorator
@inline
function isZone(c: u32): bool {
  return c == 32 || c == 90 || c == 122 || c == 43 || c == 45 || c == 71 || c == 85
}

/** Two digits, or a number above every bound. */
// @ts-ignore: decorator
@inline
function two(p: usize): i32 {
  const a = <u32>load<u8>(p) - 48
  const b = <u32>load<u8>(p, 1) - 48
  return a < 10 && b < 10 ? <i32>(a * 10 + b) : 99999
}

function part(p: usize, code: u32): usize {
  if (code == YEAR) {
    const high = two(p)
    year = high * 100 + two(p + 2)
    seen |= 1
    return high < 100 && year < 10000 ? p + 4 : 0
  }
  let value = 0
  let width: usize = 2
  if (code & SHORT && <u32>load<u8>(p, 1) - 48 >= 10) {
    value = <i32>load<u8>(p) - 48
    if (<u32>value > 9) return 0
    width = 1
  } else value = two(p)
  if (value > 99) return 0
  const what = code & ~SHORT
  if (what == MONTH) {
    month = value
    seen |= 2
  } else if (what == DAY) {
    day = value
    seen |= 4
  } else if (what == HOUR) {
    hour = value
    hoursAt = width == 2 ? p : 0
    seen |= 8
  } else {
    minute = value
    minutesAt = width == 2 ? p : 0
    seen |= 16
  }
  return p + width
}

function valid(): bool {
  // A date that is left out is none; it is not the one of the row before.
  if ((seen & 7) != 7) return false
  if (!(seen & 8)) hour = 0
  if (!(seen & 16)) minute = 0
  // Nanoseconds of an i64 reach from 1677 to 2262.
  return year >= 1678 && year <= 2261 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

function minutesOf(): i64 {
  const days = daysFromCivil(year, month, day)
  return ((<i64>days * 24 + hour) * 60 + minute) * 60000000000
}

/** Days since 1970-01-01 of the proleptic Gregorian calendar; years count from March so that the leap day comes last. */
export function daysFromCivil(y: i32, m: i32, d: i32): i32 {
  if (m <= 2) y--
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

let zoneMinutes: i32 = 0

/** `Z`, `UTC`, `GMT`, `±hh`, `±hhmm`, `±hh:mm`, the last three also behind GMT or UTC; all of them also behind a space. */
function zone(p: usize): usize {
  zoneMinutes = 0
  if (load<u8>(p) == 32) p++
  const c: u32 = load<u8>(p) | 32
  if (c == 122) return p + 1
  const three = (load<u32>(p) & 0xffffff) | 0x202020
  const named = three == 0x746d67 || three == 0x637475
  if (named) p += 3
  const sign: u32 = load<u8>(p)
  if (sign != 43 && sign != 45) return named ? p : 0
  const hours = two(p + 1)
  if (hours > 23) return 0
  p += 3
  let rest = 0
  const colon = load<u8>(p) == 58
  const pair = two(p + (colon ? 1 : 0))
  if (pair <= 59) {
    rest = pair
    p += colon ? 3 : 2
  } else if (colon || pair < 100) return 0
  zoneMinutes = hours * 60 + rest
  if (sign == 45) zoneMinutes = -zoneMinutes
  return p
}

/** Nanoseconds since 1970 of the last moment that is a time. */
const MOST: i64 = 9214646400000000000
const units = memory.data<i64>([1000000000, 1000000, 1000, 1])

/** A count of seconds, milliseconds, microseconds or nanoseconds, with a fraction down to whole nanoseconds. */
function unix(p: usize, which: u32): usize {
  const negative = load<u8>(p) == 45
  if (negative) p++
  let unit = load<i64>(units + (<usize>which << 3))
  const most = MOST / unit
  let value: i64 = 0
  let digits: u32 = 0
  for (let d: u32 = <u32>load<u8>(p) - 48; d < 10; d = <u32>load<u8>(++p) - 48) {
    // One digit more must fit into 64 bits.
    if (value > MOST / 10) return 0
    value = value * 10 + d
    if (value > most) return 0
    digits++
  }
  if (!digits) return 0
  let nanos = value * unit
  if (load<u8>(p) == 46) {
    let places: u32 = 0
    for (let d: u32 = <u32>load<u8>(++p) - 48; d < 10; d = <u32>load<u8>(++p) - 48) {
      if (unit == 1) {
        if (d) return 0
      } else {
        unit /= 10
        nanos += unit * d
      }
      places++
    }
    if (!places) return 0
  }
  if (nanos > MOST) return 0
  time = negative ? -nanos : nanos
  return p
}
