import type { Reader, Writer } from './bytes.ts'
import { most32 } from './places-codec.ts'
import { type Figures, REGISTERS } from './state.ts'

export function encodeFigures(out: Writer, figures: Figures): void {
  out.whole(figures.sums.length)
  for (const { scale, sum, squares } of figures.sums) {
    out.integer(scale)
    out.big(sum)
    out.big(squares)
  }
  encodeRegisters(out, figures.registers)
  out.whole(figures.buckets.length)
  let before = 0
  for (const [bucket, count] of figures.buckets) {
    // Most buckets are neighbours, and many hold one value: the lowest bit says so.
    out.whole((bucket - before) * 2 + (count === 1 ? 0 : 1))
    if (count !== 1) out.whole(count)
    before = bucket
  }
  out.whole(figures.histogram ? figures.histogram.bins.length + 1 : 0)
  if (!figures.histogram) return
  out.whole(figures.histogram.below)
  out.whole(figures.histogram.above)
  for (const count of figures.histogram.bins) out.whole(count)
}

export function decodeFigures(input: Reader): Figures {
  const sums = input.list(1_000_000, () => ({ scale: input.scale(), sum: input.big(), squares: input.big() }))
  const registers = decodeRegisters(input)
  let bucket = 0
  const buckets = input.list(2 ** 19, () => {
    const step = input.whole(2 ** 20)
    bucket += Math.floor(step / 2)
    return [bucket, step % 2 ? input.whole(most32) : 1] as const
  })
  const bins = input.whole(100_001)
  if (bins === 0) return { sums, registers, buckets, histogram: null }
  const [below, above] = [input.whole(most32), input.whole(most32)]
  const counts = Array.from({ length: bins - 1 }, () => input.whole(most32))
  return { sums, registers, buckets, histogram: { below, above, bins: counts } }
}

/** Six bits each, or gap and rank of those that are set where that is shorter. */
function encodeRegisters(out: Writer, registers: Uint8Array): void {
  let used = 0
  for (const rank of registers) if (rank) used++
  const sparse = used * 2.5 < (REGISTERS * 3) / 4
  out.whole(sparse ? used + 1 : 0)
  if (sparse) {
    let before = 0
    for (let i = 0; i < REGISTERS; i++) {
      const rank = registers[i]!
      if (!rank) continue
      out.whole((i - before) * 64 + rank)
      before = i
    }
    return
  }
  const packed = new Uint8Array((REGISTERS * 3) / 4)
  for (let i = 0, at = 0; i < REGISTERS; i += 4, at += 3) {
    const four = registers[i]! | (registers[i + 1]! << 6) | (registers[i + 2]! << 12) | (registers[i + 3]! << 18)
    packed[at] = four
    packed[at + 1] = four >> 8
    packed[at + 2] = four >> 16
  }
  out.raw(packed)
}

function decodeRegisters(input: Reader): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  const form = input.whole(REGISTERS + 1)
  if (form === 0) {
    const packed = input.raw((REGISTERS * 3) / 4)
    for (let i = 0, at = 0; i < REGISTERS; i += 4, at += 3) {
      const four = packed[at]! | (packed[at + 1]! << 8) | (packed[at + 2]! << 16)
      for (let j = 0; j < 4; j++) registers[i + j] = (four >> (6 * j)) & 63
    }
    return registers
  }
  let register = 0
  for (let i = 1; i < form; i++) {
    const step = input.whole(REGISTERS * 64)
    register += step >> 6
    registers[register] = step & 63
  }
  return registers
}
