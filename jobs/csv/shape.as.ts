// Shapes of numbers: how many digits, where the point is, which byte follows. A cell that has a known shape is read without
// looking at its bytes one by one. For engines with SIMD.

import { alloc, decimal, delimiter, eol } from './config.as'

/** What differs from `template` by at most `limit` is of this shape; `gather` then finds its digits. */
@unmanaged
export class Shape {
  /** Zeros where digits are, the other bytes as they must be. 16 bytes each. */
  template: u64 // 0
  template2: u64
  limit: u64 // 16
  limit2: u64
  gather: u64 // 32
  gather2: u64
  /** Of the number; the byte that ends it stands behind. */
  length: u32 // 48
  scale: u32
  /** −1 below zero, else 0. */
  sign: i64 // 56
}
const SHAPE_BYTES: usize = 64
/** One byte behind the number must be seen with it. */
const MOST: usize = 15
const POINTS: usize = MOST + 1

/** What may end a number: the delimiter, the line end, the CR before an LF. */
const ENDS: usize = 3
const QUOTE: u8 = 34
const MINUS: u8 = 45
let shapes: usize = 0

export function createShapes(): void {
  if (!ASC_FEATURE_SIMD) return
  shapes = alloc(ENDS * 4 * MOST * POINTS * SHAPE_BYTES)
  for (let ending: usize = 0; ending < ENDS; ending++)
    for (let quoted: usize = 0; quoted < 2; quoted++)
      for (let negative: usize = 0; negative < 2; negative++)
        for (let length: usize = 2 * quoted + negative + 1; length <= MOST; length++)
          for (let point: usize = quoted + negative; point <= length - quoted; point++)
            createShape(ending, quoted, negative, length, point)
}

/** `point`: its place, or that of the byte behind the digits where there is none. */
function createShape(ending: usize, quoted: usize, negative: usize, length: usize, point: usize): void {
  const split = usize(point < length - quoted)
  const first = quoted + negative
  const digits = length - quoted - first - split
  if (!digits) return
  const at = shapeAt(ending, quoted, negative, length, point)
  memory.fill(at, 48, length)
  memory.fill(at + 16, 9, length)
  memory.fill(at + 17 + length, 255, MOST - length)
  memory.fill(at + 32, 255, 16)
  fix(at, length, <u8>(ending == 0 ? delimiter : ending == 1 ? eol : 13))
  if (quoted) {
    fix(at, 0, QUOTE)
    fix(at, length - 1, QUOTE)
  }
  if (negative) fix(at, quoted, MINUS)
  if (split) fix(at, point, <u8>decimal)
  for (let i: usize = 0; i < digits; i++) store<u8>(at + 48 - digits + i, first + i + usize(first + i >= point))
  const shape = changetype<Shape>(at)
  shape.length = <u32>length
  shape.scale = split ? <u32>(length - quoted - 1 - point) : 0
  shape.sign = negative ? -1 : 0
}

function fix(at: usize, place: usize, byte: u8): void {
  store<u8>(at + place, byte)
  store<u8>(at + 16 + place, 0)
}

// @ts-ignore: decorator
@inline
function shapeAt(ending: usize, quoted: usize, negative: usize, length: usize, point: usize): usize {
  return shapes + ((((ending * 2 + quoted) * 2 + negative) * MOST + length - 1) * POINTS + point) * SHAPE_BYTES
}

/** One to begin with. */
export function anyShape(last: bool): usize {
  return shapeAt(usize(last), 0, 0, 1, 1)
}

/** The shape of the cell at `p`; 0 where it is no such number. `last`: it must end its row, else it must not. */
export function shapeOf(p: usize, last: bool): usize {
  const bytes = v128.load(p)
  const quoted = usize(load<u8>(p) == QUOTE)
  const negative = usize(load<u8>(p + quoted) == MINUS)
  const first = quoted + negative
  const points = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>decimal)))
  const split = points & -points
  const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(9))) & ~split
  const digitsEnd = <usize>ctz((others >>> <i32>first) << <i32>first)
  const length = digitsEnd + quoted
  const point = min(<usize>ctz(split), digitsEnd)
  if (length > MOST || digitsEnd - usize(point < digitsEnd) <= first) return 0
  if (quoted && load<u8>(p + digitsEnd) != QUOTE) return 0
  const c: u32 = load<u8>(p + length)
  if (!last) return c == delimiter ? shapeAt(0, quoted, negative, length, point) : 0
  return c == eol ? shapeAt(1, quoted, negative, length, point) : c == 13 ? shapeAt(2, quoted, negative, length, point) : 0
}

const HUNDREDS = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1], 16)
const MYRIADS = memory.data<u16>([10000, 1, 10000, 1, 10000, 1, 10000, 1], 16)
const TENS = memory.data<u16>([2561, 2561, 2561, 2561, 2561, 2561, 2561, 2561], 16)

/** Sixteen digits, first to last, each a byte of 0 … 9, as pairs of them: eight numbers below 100. */
// @ts-ignore: decorator
@inline
export function pairsOf(digits: v128): v128 {
  // A pair is a + 256 b; times 2561 its upper byte is 10 a + b.
  return i16x8.shr_u(i16x8.mul(digits, v128.load(TENS)), 8)
}

/** Sixteen digits as one number. */
// @ts-ignore: decorator
@inline
export function numberOf(digits: v128): u64 {
  const quads = i32x4.dot_i16x8_s(pairsOf(digits), v128.load(HUNDREDS))
  const halves = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), v128.load(MYRIADS))
  const both = <u64>i64x2.extract_lane(halves, 0)
  return (both & 0xffffffff) * 100000000 + (both >>> 32)
}
