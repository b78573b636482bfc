import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'

// One half of a price file by a plain loop, as somebody would write it who knows the file: five columns, no quotes, times
// like `2019-01-01 00:00:00.062`. It answers what the job answers, cells that are no numbers included.

const BLOCK = 4 << 20
const COLUMNS = 4
const [LF, COMMA, POINT, MINUS] = [10, 44, 46, 45]
const text = new TextDecoder()
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i)

const FIGURES = [
  'count',
  'empty',
  'invalid',
  'min',
  'minRow',
  'max',
  'maxRow',
  'first',
  'firstTime',
  'last',
  'lastTime',
]
const [COUNT, EMPTY, INVALID, MIN, MIN_ROW, MAX, MAX_ROW, FIRST, FIRST_TIME, LAST, LAST_TIME] = FIGURES.keys()
const WIDTH = FIGURES.length

/** @param {{ path: string, from: number, to: number }} half records start at `from` and end at `to` */
function read({ path, from, to }) {
  const figures = new Float64Array(COLUMNS * WIDTH)
  for (let at = 0; at < figures.length; at += WIDTH) {
    figures[at + MIN] = figures[at + FIRST_TIME] = Number.POSITIVE_INFINITY
    figures[at + MAX] = figures[at + LAST_TIME] = Number.NEGATIVE_INFINITY
  }
  const file = openSync(path, 'r')
  const bytes = new Uint8Array(2 * BLOCK)
  let rows = 0
  let kept = 0
  for (let at = from; at < to; ) {
    const got = readSync(file, bytes, kept, Math.min(BLOCK, to - at), at)
    at += got
    const size = kept + got
    const end = at === to ? size : bytes.lastIndexOf(LF, size - 1) + 1
    rows = scan(bytes, end, figures, rows)
    bytes.copyWithin(0, end, size)
    kept = size - end
  }
  closeSync(file)
  return { rows, figures }
}

/** @param {Uint8Array} bytes @param {number} end @param {Float64Array} figures @param {number} firstRow */
function scan(bytes, end, figures, firstRow) {
  let row = firstRow
  for (let p = 0; p < end; row++) {
    const day = number(bytes, p, 4) * 372 + number(bytes, p + 5, 2) * 31 + number(bytes, p + 8, 2)
    const clock = (number(bytes, p + 11, 2) * 60 + number(bytes, p + 14, 2)) * 60 + number(bytes, p + 17, 2)
    const time = (day * 86_400 + clock) * 1000 + number(bytes, p + 20, 3)
    p += 24
    for (let at = 0; at < COLUMNS * WIDTH; at += WIDTH) {
      const start = p
      let c = bytes[p]
      const negative = c === MINUS
      if (negative) c = bytes[++p]
      let value = 0
      let digits = 0
      let point = -1
      for (; c !== COMMA && c !== LF; c = bytes[++p]) {
        if (c >= 48 && c <= 57) {
          value = value * 10 + (c - 48)
          digits++
        } else if (c === POINT && point < 0) point = digits
        else digits = -100
      }
      if (p === start) figures[at + EMPTY]++
      else if (digits < 1) figures[at + INVALID]++
      else {
        if (digits > 15) value = Number(text.decode(bytes.subarray(negative ? start + 1 : start, p)))
        else if (point >= 0) value /= POWERS[digits - point]
        if (negative) value = -value
        figures[at + COUNT]++
        if (value < figures[at + MIN]) {
          figures[at + MIN] = value
          figures[at + MIN_ROW] = row
        }
        if (value > figures[at + MAX]) {
          figures[at + MAX] = value
          figures[at + MAX_ROW] = row
        }
        if (time < figures[at + FIRST_TIME]) {
          figures[at + FIRST_TIME] = time
          figures[at + FIRST] = value
        }
        if (time >= figures[at + LAST_TIME]) {
          figures[at + LAST_TIME] = time
          figures[at + LAST] = value
        }
      }
      p++
    }
  }
  return row
}

/** @param {Uint8Array} bytes @param {number} at @param {number} digits */
function number(bytes, at, digits) {
  let value = 0
  for (let i = at; i < at + digits; i++) value = value * 10 + bytes[i] - 48
  return value
}

parentPort?.on('message', (half) => parentPort?.postMessage(read(half)))
