// Decimals as fractions of big integers, and the nearest double of them.

export interface Exact {
  num: bigint
  /** Power of ten of the denominator. */
  scale: bigint
}

export function exact(text: string): Exact {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)!
  const num = BigInt(`${match[2]}${match[3]}` || '0') * (match[1] === '-' ? -1n : 1n)
  const scale = BigInt(match[3]!.length) - BigInt(match[4] ?? '0')
  return scale >= 0n ? { num, scale } : { num: num * 10n ** -scale, scale: 0n }
}
export const times = (a: Exact, b: Exact): Exact => ({ num: a.num * b.num, scale: a.scale + b.scale })
export function plus(a: Exact, b: Exact): Exact {
  let { scale } = a
  if (b.scale > scale) scale = b.scale
  return { num: a.num * 10n ** (scale - a.scale) + b.num * 10n ** (scale - b.scale), scale }
}
export const minus = (a: Exact, b: Exact) => plus(a, { num: -b.num, scale: b.scale })
export const ZERO: Exact = { num: 0n, scale: 0n }

/** The nearest double of num / den, through a decimal text longer than any double needs, with a sticky digit. */
export function toDouble(num: bigint, den: bigint): number | null {
  if (num === 0n) return 0
  const negative = num < 0n
  const size = negative ? -num : num
  const places = BigInt(Math.max(0, 1200 + den.toString().length - size.toString().length))
  const scaled = size * 10n ** places
  const text = `${scaled / den}${scaled % den === 0n ? '' : '1'}e-${places + (scaled % den === 0n ? 0n : 1n)}`
  const value = Number(text) * (negative ? -1 : 1)
  return Number.isFinite(value) ? value + 0 : null
}
export const rounded = (value: Exact) => toDouble(value.num, 10n ** value.scale)
