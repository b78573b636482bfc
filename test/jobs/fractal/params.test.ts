import { expect, test } from 'vitest'
import { fractal } from '../../../jobs/fractal/index.ts'

const good = {
  formula: 'mandelbrot',
  center: [-0.5, '0'],
  span: '3e0',
  width: 16384,
  height: 8192,
  maxIterations: 16_000_000,
}

/** Path and message of every complaint. */
function complaints(changes: Record<string, unknown>): string[] {
  const answer = fractal.schema.safeParse({ ...good, ...changes })
  return answer.success ? [] : answer.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('[F17] what is allowed is kept as given', () => {
  expect(fractal.schema.parse(good)).toEqual(good)
  const julia = { ...good, formula: 'julia', c: ['-.7', 2.7015e-1], palette: 'ink', maxIterations: 1 }
  expect(fractal.schema.parse(julia)).toEqual(julia)
  expect(complaints({ center: [`0.${'1'.repeat(398)}`, '-1e-99999'] })).toEqual([])
})

test.each([
  [{ width: 1.5 }, 'width: Width must be a whole number from 1 to 16384. You wrote 1.5.'],
  [{ width: undefined }, 'width: Width must be a whole number from 1 to 16384. It is missing.'],
  [{ width: '' }, 'width: Width must be a whole number from 1 to 16384. It is empty.'],
  [{ height: 0 }, 'height: Height must be a whole number from 1 to 16384. You wrote 0.'],
  [{ height: 16385 }, 'height: Height must be a whole number from 1 to 16384. You wrote 16385.'],
  [{ width: '640' }, 'width: Width must be a whole number from 1 to 16384. You wrote "640".'],
  [{ height: 8193 }, 'width: A picture may have at most 134217728 pixels. 16384 × 8193 are 134234112.'],
  [{ maxIterations: 16_000_001 }, /^maxIterations: Iterations must be a whole number from 1 to 16000000\. You wrote/],
  [
    { formula: 'newton' },
    /^formula: Formula must be one of mandelbrot, julia, burning-ship, multibrot3\. You wrote "newton"/,
  ],
  [{ palette: 'neon' }, /^palette: Palette must be one of pool, ember/],
  [{ colour: 1 }, 'colour: A fractal has no field "colour".'],
  [{ center: [0] }, /^center: Center must be two numbers, \[re, im\]\. You wrote \[0\]\./],
  [{ center: 'here' }, /^center: Center must be two numbers/],
  [
    { center: ['0x10', 0] },
    /^center\.0: The center's real part must be a number like -0\.75, .* in JSON it may be text/,
  ],
  [
    { center: [0, `0.${'1'.repeat(399)}`] },
    /^center\.1: The center's imaginary part must be .* of at most 400 characters/,
  ],
  [{ center: [' 1', 0] }, /^center\.0: /],
  [{ center: [0, '1e400'] }, 'center.1: This number must lie between -1e308 and 1e308. You wrote "1e400".'],
  [{ center: [Number.NaN, 0] }, /^center\.0: /],
  [{ span: 0 }, /^span: Span must be greater than 0: from 1e-100.* You wrote 0\.$/],
  [{ span: '-1' }, /^span: Span must be greater than 0/],
  [
    { span: '9.99e-101' },
    /^span: Span must be greater than 0: from 1e-100, below which no true picture is computed here/,
  ],
  [{ span: '1e999999999999' }, /^span: Span must be/],
  [{ c: [0, 0] }, 'c: Only a Julia set takes c. Leave it out for mandelbrot.'],
  [{ formula: 'julia' }, 'c: A Julia set needs c, two numbers [re, im].'],
  [{ span: '1e-50' }, 'maxIterations: Iterations must be at most 1000000 in a picture this deep. You wrote 16000000.'],
  [{ span: '1e-12', formula: 'burning-ship' }, /^span: Only mandelbrot can be drawn this deep\. For burning-ship/],
  [{ span: '1e-12', formula: 'julia', c: [0, 1] }, /^span: Only mandelbrot can be drawn this deep/],
])('[F17] %j is refused at its field, in words', (changes, expected) => {
  const found = complaints(changes)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(typeof expected === 'string' ? new RegExp(`^${escaped(expected)}$`) : expected)
})

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

test('[F17] every wrong field is named, not only the first', () => {
  expect(complaints({ width: 0, height: 'x', extra: 1 })).toHaveLength(3)
  expect(fractal.schema.safeParse(null).error?.issues[0]?.message).toMatch(/^A fractal is described by an object/)
})
