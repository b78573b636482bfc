import * as z from 'zod/mini'
import { DECIMAL } from '../math/rational.ts'
import { type Complaint, choice, expecting, paramsOf, shown, together, wholeNumber } from '../params.ts'
import { PALETTE_NAMES } from './palette.ts'
import { double, viewOf } from './place.ts'

const MAX_SIDE = 16_384
const MAX_PIXELS = 134_217_728
const MAX_ITERATIONS = 16_000_000
const MAX_DEEP_ITERATIONS = 1_000_000
const MAX_DECIMAL_LENGTH = 400
/** Deeper, differences between pixels would leave the range in which a double's square is exact enough. */
const SMALLEST_SPAN = 1e-100

const FORMULAS = ['mandelbrot', 'julia', 'burning-ship', 'multibrot3'] as const

function decimal(name: string) {
  const error = expecting(
    `${name} must be a number like -0.75, of at most ${MAX_DECIMAL_LENGTH} characters; in JSON it may be text.`,
  )
  const text = z.string().check(z.maxLength(MAX_DECIMAL_LENGTH, { abort: true }), z.regex(DECIMAL, { abort: true }))
  return z.union([z.number(), text], { error })
}

const pair = (name: string, re: string, im: string) =>
  z.tuple([decimal(re), decimal(im)], { error: expecting(`${name} must be two numbers, [re, im].`) })

const fields = paramsOf('A fractal', {
  formula: choice('Formula', FORMULAS),
  center: pair('Center', "The center's real part", "The center's imaginary part"),
  span: decimal('Span'),
  width: wholeNumber('Width', 1, MAX_SIDE),
  height: wholeNumber('Height', 1, MAX_SIDE),
  maxIterations: wholeNumber('Iterations', 1, MAX_ITERATIONS),
  c: z.optional(pair('c', 'The real part of c', 'The imaginary part of c')),
  palette: z.optional(choice('Palette', PALETTE_NAMES)),
})

/** What a fractal job is asked with; numbers and decimals are kept as given. */
export type FractalParams = z.infer<typeof fields>
export type Formula = (typeof FORMULAS)[number]

export const schema: z.ZodMiniType<FractalParams> = fields.check(together(complaints))

function complaints(params: FractalParams): Complaint[] {
  const { formula, c, width, height } = params
  const found: Complaint[] = []
  if (width * height > MAX_PIXELS) {
    const message = `A picture may have at most ${MAX_PIXELS} pixels. ${width} × ${height} are ${width * height}.`
    found.push({ path: ['width'], message })
  }
  if (formula === 'julia' && !c) found.push({ path: ['c'], message: 'A Julia set needs c, two numbers [re, im].' })
  if (formula !== 'julia' && c)
    found.push({ path: ['c'], message: `Only a Julia set takes c. Leave it out for ${formula}.` })
  found.push(...beyondDoubles('center', params.center), ...beyondDoubles('c', c ?? []))
  const span = double(params.span)
  if (!(span >= SMALLEST_SPAN && span < Infinity)) {
    const message = `Span must be greater than 0: from ${SMALLEST_SPAN}, below which no true picture is computed here, to 1e308.`
    found.push({ path: ['span'], message: `${message} You wrote ${shown(params.span)}.` })
  }
  return found.length > 0 ? found : tooDeep(params)
}

function beyondDoubles(name: string, values: readonly (number | string)[]): Complaint[] {
  return values.flatMap((value, part) => {
    if (Number.isFinite(double(value))) return []
    return [
      { path: [name, part], message: `This number must lie between -1e308 and 1e308. You wrote ${shown(value)}.` },
    ]
  })
}

function tooDeep(params: FractalParams): Complaint[] {
  if (!viewOf(params).deep) return []
  const { formula, maxIterations } = params
  if (formula !== 'mandelbrot') {
    const limit = `Only mandelbrot can be drawn this deep. For ${formula} pixels must be at least 2^-44 apart`
    return [{ path: ['span'], message: `${limit} (relative to a center beyond 1): choose a larger span.` }]
  }
  if (maxIterations <= MAX_DEEP_ITERATIONS) return []
  const message = `Iterations must be at most ${MAX_DEEP_ITERATIONS} in a picture this deep. You wrote ${maxIterations}.`
  return [{ path: ['maxIterations'], message }]
}
