// Times of a history mostly differ from the one before in their clock alone: hours to microseconds. While the rest of the
// text stays as it was, only that is read. For engines with SIMD.

import { pairsOf } from './number.as'

/** What stands where no digit of the clock does, and how much each byte may differ from it. */
const template = memory.data(48, 16)
const limit = memory.data(48, 16)
/** Which of the sixteen bytes from `first` are digits: four that are none, hours, minutes, seconds, six of the fraction. */
const gather = memory.data(16, 16)
let first: usize = 0
/** Of the text, without the byte that ends it; 0 while nothing is known. */
let length: usize = 0
/** What the rest of the text means, nanoseconds since 1970. */
let rest: i64 = 0
/** Texts with another rest since the last with this one. */
let misses: u32 = 0

/** What `readClock` read. */
export let clockTime: i64 = 0

const SIXTIES = memory.data<u16>([0, 0, 60, 1, 100, 1, 100, 1], 16)
const MICROS = memory.data<u16>([0, 1, 10000, 1, 0, 0, 0, 0], 16)
const DAY_MINUTES: u32 = 1440

export function forgetClock(): void {
  length = 0
  misses = 0
}

/** Where the time at `at` ends, or 0 when the rest of it is another one. At least 48 readable bytes must follow. */
// @ts-ignore: decorator
@inline
export function readClock(at: usize): usize {
  const other = v128.or(v128.or(differing(at, 0), differing(at, 16)), differing(at, 32))
  if (v128.any_true(other) || !length) return 0
  const clock = clockOf(at)
  // Minutes of the day; the upper half are microseconds of the minute.
  if (<u32>clock >= DAY_MINUTES) return 0
  misses = 0
  clockTime = rest + nanosOf(clock)
  return at + length
}

// @ts-ignore: decorator
@inline
function differing(at: usize, from: usize): v128 {
  return i8x16.sub_sat_u(v128.xor(v128.load(at + from), v128.load(template + from)), v128.load(limit + from))
}

// @ts-ignore: decorator
@inline
function clockOf(at: usize): u64 {
  const digits = v128.xor(v128.load(at + first), i8x16.splat(48))
  const pairs = pairsOf(i8x16.swizzle(digits, v128.load(gather)))
  const parts = i32x4.dot_i16x8_s(pairs, v128.load(SIXTIES))
  return <u64>i64x2.extract_lane(i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(parts, parts), v128.load(MICROS)), 0)
}

// @ts-ignore: decorator
@inline
function nanosOf(clock: u64): i64 {
  return <i64>(clock & 0xffffffff) * 60000000000 + <i64>(clock >>> 32) * 1000
}

/**
 * Remembers the text from `at` to `end`, which means `time`; ever more seldom while none like the last one comes. Hours,
 * minutes, seconds: where their two digits are; 0 where they are none or have one.
 */
export function learnClock(
  at: usize,
  end: usize,
  time: i64,
  hours: usize,
  minutes: usize,
  seconds: usize,
  fraction: usize,
  fractionDigits: usize,
): void {
  if (++misses & (misses - 1)) return
  length = 0
  const size = end - at
  if (size > 47 || fractionDigits > 6) return
  // With the byte behind it a digit might be a part of a zone: this text does not say alone where it ends.
  if (<u32>load<u8>(end) - 48 < 10) return
  memory.copy(template, at, 48)
  memory.fill(limit, 0, size + 1)
  memory.fill(limit + size + 1, 255, 47 - size)
  memory.fill(gather, 255, 16)
  // They may stand in any order.
  const earliest = earlier(earlier(hours, minutes), earlier(seconds, fraction))
  first = earliest ? earliest - at : 0
  if (hours) pair(hours - at, 4, 2)
  if (minutes) pair(minutes - at, 6, 5)
  if (seconds) pair(seconds - at, 8, 5)
  for (let i: usize = 0; i < fractionDigits && isSeen(fraction - at, fractionDigits); i++) digit(fraction - at + i, 10 + i, 9)
  rest = time - nanosOf(clockOf(at))
  length = size
}

/** The earlier of two places, of which either may be none. */
function earlier(a: usize, b: usize): usize {
  return a && (!b || a < b) ? a : b
}

/** What is not whole among the sixteen bytes must stay as it stands, like the rest of the text. */
function isSeen(place: usize, digits: usize): bool {
  return place - first + digits <= 16
}

function pair(place: usize, lane: usize, mostTens: u8): void {
  if (!isSeen(place, 2)) return
  digit(place, lane, mostTens)
  digit(place + 1, lane + 1, 9)
}

function digit(place: usize, lane: usize, most: u8): void {
  store<u8>(template + place, 48)
  store<u8>(limit + place, most)
  store<u8>(gather + lane, <u8>(place - first))
}
