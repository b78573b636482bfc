// Where fields end and what is in them, by the rules of quoting in README.md.

import { alloc, delimiter, eol, stops } from './config.as'
import { addPlace, table } from './state.as'

/** Sentinels and eight- and sixteen-byte loads reach this far behind the input. */
export const PADDING: usize = 64

/** The records of the task lie in [base, end). */
export let base: usize = 0
export let end: usize = 0
let scratch: usize = 0

export function createScratch(): void {
  scratch = alloc(PADDING + (1 << 20) + PADDING)
}

/** Behind the end stand a line end, for the last record, and a quote, for one that is never closed. */
export function openInput(from: usize, length: u32): void {
  base = from
  end = from + length
  memory.fill(end, <u8>eol, PADDING)
  store<u8>(end + 1, 34)
}

// @ts-ignore: decorator
@inline
export function crlf(p: usize): bool {
  return eol == 13 || (load<u8>(p, 1) == 10 && p + 1 < end)
}

/** The next delimiter, line end or quote at or behind `q`; the sentinels are such. */
// @ts-ignore: decorator
@inline
export function nextStop(q: usize): usize {
  if (ASC_FEATURE_SIMD) {
    for (;;) {
      const bytes = v128.load(q)
      const found = i8x16.bitmask(
        v128.or(
          v128.or(i8x16.eq(bytes, i8x16.splat(<i8>delimiter)), i8x16.eq(bytes, i8x16.splat(34))),
          v128.or(i8x16.eq(bytes, i8x16.splat(10)), i8x16.eq(bytes, i8x16.splat(13))),
        ),
      )
      if (found) return q + ctz(found)
      q += 16
    }
  }
  while (!load<u8>(stops + load<u8>(q))) q++
  return q
}

// The content of a field, trimmed, as the last call of `content` found it.
export let contentFrom: usize = 0
export let contentTo: usize = 0

// @ts-ignore: decorator
@inline
export function skipField(p: usize): usize {
  return load<u8>(p) == 34 ? content(p) : literalEnd(p)
}

/** Where the field ends whose rest is literal. */
// @ts-ignore: decorator
@inline
function literalEnd(p: usize): usize {
  let q = p - 1
  do q = nextStop(q + 1)
  while (!stopped(q))
  return q
}

/** Whether the stop byte at `q` ends the field; a stray quote is reported on the way. */
// @ts-ignore: decorator
@inline
function stopped(q: usize): bool {
  const c: u32 = load<u8>(q)
  if (c == delimiter || c == eol || q >= end) return true
  if (c == 13) return crlf(q)
  if (c == 34) strayQuote(q)
  return false
}

function strayQuote(q: usize): void {
  table.quotes++
  addPlace(table.quotePlaces, table.rows, <u32>(q - base), 0)
}

/** Reads the field at `p` by the rules of quoting; answers where it ends. */
export function content(p: usize): usize {
  if (load<u8>(p) != 34) {
    const q = min(literalEnd(p), end)
    trim(p, q)
    return q
  }
  let q = p
  let out = scratch
  let from = ++q
  for (;;) {
    while (load<u8>(q) != 34) q++
    if (q >= end) {
      table.unclosed = <u32>(p - base) + 1
      q = end
      break
    }
    if (load<u8>(q, 1) != 34 || q + 1 >= end) break
    const length = q + 1 - from
    memory.copy(out, from, length)
    out += length
    q += 2
    from = q
  }
  let length = q - from
  if (q < end) {
    const rest = ++q
    q = min(literalEnd(q), end)
    // Nothing doubled and nothing behind the closing quote: the content stands as it is.
    if (out == scratch && q == rest) {
      trim(from, from + length)
      return q
    }
    memory.copy(out, from, length)
    out += length
    from = rest
    length = q - rest
  } else if (out == scratch) {
    trim(from, from + length)
    return q
  }
  memory.copy(out, from, length)
  out += length
  store<u64>(out, 0)
  trim(scratch, out)
  return q
}

/** Sees to it that no space stands behind the content, for readers to whom it might be a part of it. */
export function closeContent(): void {
  if (!blank(load<u8>(contentTo))) return
  const length = contentTo - contentFrom
  memory.copy(scratch, contentFrom, length)
  store<u64>(scratch + length, 0)
  contentFrom = scratch
  contentTo = scratch + length
}

function trim(from: usize, to: usize): void {
  while (from < to && blank(load<u8>(from))) from++
  while (from < to && blank(load<u8>(to - 1))) to--
  contentFrom = from
  contentTo = to
}

// @ts-ignore: decorator
@inline
function blank(c: u32): bool {
  return c == 32 || c == 9
}
