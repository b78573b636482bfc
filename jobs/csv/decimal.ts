import { nearestDouble } from '../math/rational.ts'

/** Exactly m × 10^−scale. */
export interface Decimal {
  readonly m: bigint
  readonly scale: number
}

/** Reads text that is known to be a decimal; `-0` is 0. */
export function parseDecimal(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return { m: 0n, scale: 0 }
  const kept = digits.replace(/0+$/, '')
  const m = BigInt(kept)
  return {
    m: mantissa.startsWith('-') ? -m : m,
    scale: fraction.length - Number(exponent) - (digits.length - kept.length),
  }
}

/** The nearest double; ±Infinity beyond the range. */
export function doubleOf({ m, scale }: Decimal): number {
  return ratio(m, 1n, scale)
}

/** The language promises the nearest double for so many digits; for more an engine may cut. */
const PROMISED_DIGITS = 19

/** As {@link doubleOf}, mostly without big integers: where the digits cut off and those rounded up agree, so does what lies between. */
export function nearest({ m, scale }: Decimal): number {
  const digits = (m < 0n ? -m : m).toString()
  const cut = digits.length - PROMISED_DIGITS
  const sign = m < 0n ? -1 : 1
  if (cut <= 0) return sign * Number(`${digits}e${-scale}`)
  const head = digits.slice(0, PROMISED_DIGITS)
  const low = Number(`${head}e${cut - scale}`)
  const high = Number(`${BigInt(head) + 1n}e${cut - scale}`)
  return low === high ? sign * low : doubleOf({ m, scale })
}

/** The double nearest to (num ÷ den) × 10^−scale, rounded once. */
export function ratio(num: bigint, den: bigint, scale: number): number {
  return scale >= 0
    ? nearestDouble({ num, den: den * 10n ** BigInt(scale) })
    : nearestDouble({ num: num * 10n ** BigInt(-scale), den })
}

/** Both with the finer of the two scales. */
export function aligned(a: Decimal, b: Decimal): { readonly a: bigint; readonly b: bigint; readonly scale: number } {
  const scale = Math.max(a.scale, b.scale)
  return { a: a.m * 10n ** BigInt(scale - a.scale), b: b.m * 10n ** BigInt(scale - b.scale), scale }
}

/** Sums by scale: adding never multiplies, and the total is put together once. */
export type ScaledSum = Map<number, bigint>

export function addTo(sums: ScaledSum, scale: number, amount: bigint): void {
  sums.set(scale, (sums.get(scale) ?? 0n) + amount)
}

export function totalOf(sums: ScaledSum): Decimal {
  let scale = 0
  let m = 0n
  for (const [at, sum] of [...sums].sort(([a], [b]) => a - b)) {
    if (m !== 0n) m *= 10n ** BigInt(at - scale)
    m += sum
    scale = at
  }
  return { m, scale }
}

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
