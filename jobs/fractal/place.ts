import { nearestDouble, type Rational, rational } from '../math/rational.ts'

/** A number as given: deep down a double no longer knows where it is. */
type Decimal = number | string

interface Place {
  readonly center: readonly [re: Decimal, im: Decimal]
  /** Width in the plane. */
  readonly span: Decimal
  /** Width in pixels. */
  readonly width: number
}

/** Where a picture lies in the plane, in the doubles that its definition speaks of. */
export interface View {
  readonly centerRe: number
  readonly centerIm: number
  readonly span: number
  /** Distance between neighbouring pixels. */
  readonly step: number
  /** The pixels lie too close together for doubles: perturbation from a reference orbit. */
  readonly deep: boolean
}

/** The shallowest step that one double per operation can draw without blocks, relative to the centre's size. */
const FINEST_SHALLOW_STEP = 1 / 17592186044416

export function viewOf(params: Place): View {
  const centerRe = double(params.center[0])
  const centerIm = double(params.center[1])
  const span = double(params.span)
  const step = span / params.width
  const deep = step < FINEST_SHALLOW_STEP * Math.max(1, Math.abs(centerRe), Math.abs(centerIm))
  return { centerRe, centerIm, span, step, deep }
}

/** The nearest double to a number as given; ±Infinity when it is beyond all doubles. */
export function double(value: Decimal): number {
  const exact = rational(value)
  if (exact) return nearestDouble(exact)
  return String(value).startsWith('-') ? -Infinity : Infinity
}

/** A number as given, exactly. The schema has refused what has no such value. */
export function exactly(value: Decimal): Rational {
  return rational(value) as Rational
}

/** Digits a decimal keeps beyond the size of a pixel. */
const SPARE_DIGITS = 4

/**
 * The view whose middle is at (x, y) of the old one, 0…1 from its top left, and `wider` times as wide; its centre is a decimal
 * exact to a ten-thousandth of a pixel, however deep.
 */
export function moved(
  params: Place & { readonly height: number },
  move: { readonly x: number; readonly y: number; readonly wider: number },
): { center: [Decimal, Decimal]; span: Decimal } {
  const span = double(params.span)
  const wide = Number((span * move.wider).toPrecision(6))
  const digits = Math.min(380, Math.max(2, Math.ceil(-Math.log10(wide / params.width)) + SPARE_DIGITS))
  const right = (move.x - 0.5) * span
  const up = (0.5 - move.y) * span * (params.height / params.width)
  return {
    center: [sum(params.center[0], right, digits), sum(params.center[1], up, digits)],
    span: plain(String(wide)),
  }
}

function sum(value: Decimal, offset: number, digits: number): Decimal {
  const a = rational(value) as Rational
  const b = rational(offset) as Rational
  return plain(decimal({ num: a.num * b.den + b.num * a.den, den: a.den * b.den }, digits))
}

function decimal({ num, den }: Rational, digits: number): string {
  const scaled = (num * 10n ** BigInt(digits)) / den
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0')
  const cut = `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '')
  return scaled < 0n ? `-${cut}` : cut
}

/** A number where its double is exactly what was written, else the decimal itself: 0.1 is no double, and deep down that shows. */
export function plain(text: string): Decimal {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value) || String(value) !== text) return text
  const [a, b] = [rational(value), rational(text)]
  return a && b && a.num * b.den === b.num * a.den ? value : text
}
