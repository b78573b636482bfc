import type { Kernel, Region } from '../define.ts'
import { createWasm } from '../instantiate.ts'
import { type ExactWasm, exactPixel, referenceOrbit } from './exact.ts'
import scalarBytes from './kernel.scalar.wasm'
import simdBytes from './kernel.simd.wasm'
import type { Formula, FractalParams } from './params.ts'
import { double, type View, viewOf } from './place.ts'
import { gridOf, paint, regionOf } from './tiles.ts'

/** What kernel.as.ts exports. */
interface Wasm extends ExactWasm {
  readonly pixels: { readonly value: number }
  readonly unclear: { readonly value: number }
  setView(
    formula: number,
    centerRe: number,
    centerIm: number,
    step: number,
    width: number,
    height: number,
    maxIterations: number,
    juliaRe: number,
    juliaIm: number,
  ): void
  setShortcuts(on: number): void
  reserveOrbit(points: number): number
  setReference(re: number, im: number): void
  begin(x: number, y: number, width: number, height: number): void
  proceed(budget: number, deep: number, careful: number): number
  share(deep: number): number
  escapes(pixel: number, n: number, re: number, im: number, cRe: number, cIm: number): void
  stays(pixel: number): void
}

interface Prepared {
  readonly params: FractalParams
  readonly view: View
  readonly wasm: Wasm
  readonly grid: ReturnType<typeof gridOf>
}

/** For tests and benchmarks; no bit of the output depends on any of these. */
export interface Choices {
  /** Eight lanes at a time. Default: what the engine can. */
  readonly simd?: boolean
  /** Certificates and the cycle test. Default: on. */
  readonly shortcuts?: boolean
}

// In units of 64 iterations. About 5 ms of a laptop and 100 ms of the slowest board that might join.
const BUDGET = 100_000
const FORMULAS: Record<Formula, number> = { mandelbrot: 0, julia: 1, 'burning-ship': 2, multibrot3: 3 }
/** What kernel.as.ts writes for a pixel it leaves to big numbers. */
const UNCLEAR = 0xfffffffe
/** So close to |c| = 2 rounding might bring a value back that has escaped; see `careful` in lanes.as.ts. */
const RING = 1 / 65536

const instantiate = createWasm<Wasm>({ simd: simdBytes, scalar: scalarBytes })

export function prepareWith(params: FractalParams, choices: Choices = {}): Prepared {
  const view = viewOf(params)
  const wasm = instantiate(choices.simd)
  const [juliaRe, juliaIm] = params.c ?? [0, 0]
  wasm.setView(
    FORMULAS[params.formula],
    view.deep ? 0 : view.centerRe,
    view.deep ? 0 : view.centerIm,
    view.step,
    params.width,
    params.height,
    params.maxIterations,
    double(juliaRe),
    double(juliaIm),
  )
  wasm.setShortcuts(choices.shortcuts === false ? 0 : 1)
  if (view.deep) load(wasm, params, view)
  return { params, view, wasm, grid: gridOf(params) }
}

export const kernel: Kernel<FractalParams, Prepared> = {
  prepare: (params) => prepareWith(params),
  run: (prepared, index, progress) => compute(prepared, regionOf(prepared.params, index, prepared.grid), progress),
  paint,
}

/** Computes any rectangle of at most 65,536 pixels. `budget`: work between two reports, in units of 64 iterations. */
export function compute(
  prepared: Prepared,
  region: Region,
  progress: (share: number) => void,
  budget = BUDGET,
): Uint8Array {
  const { params, view, wasm } = prepared
  const deep = view.deep ? 1 : 0
  const careful = mayReturn(params, view, region) ? 1 : 0
  wasm.begin(region.x, region.y, region.width, region.height)
  let done = 0
  const report = () => {
    // A pixel that turns out to need big numbers is unfinished again; nobody wants to see a share shrink.
    done = Math.max(done, wasm.share(deep))
    progress(done)
  }
  while (!wasm.proceed(budget, deep, careful)) report()
  if (wasm.unclear.value > 0) decide(prepared, region, report)
  const size = region.width * region.height * 4
  return new Uint8Array(wasm.memory.buffer, wasm.pixels.value, size).slice()
}

/** The few pixels of a deep picture that doubles cannot decide. */
function decide({ params, view, wasm }: Prepared, region: Region, alive: () => void): void {
  const values = new Uint32Array(wasm.memory.buffer, wasm.pixels.value, region.width * region.height)
  for (let pixel = values.indexOf(UNCLEAR); pixel >= 0; pixel = values.indexOf(UNCLEAR, pixel + 1)) {
    const x = region.x + (pixel % region.width)
    const y = region.y + Math.floor(pixel / region.width)
    const end = exactPixel(wasm, params, view, x, y, alive)
    if (end) wasm.escapes(pixel, end.n, end.re, end.im, view.centerRe, view.centerIm)
    else wasm.stays(pixel)
    alive()
  }
}

function load(wasm: Wasm, params: FractalParams, view: View): void {
  const { points, beyond } = referenceOrbit(params, view)
  const address = wasm.reserveOrbit(beyond.length)
  new Float64Array(wasm.memory.buffer, address, points.length).set(points)
  new Float64Array(wasm.memory.buffer, address + points.byteLength, beyond.length).set(beyond)
  wasm.setReference(view.centerRe, view.centerIm)
}

/**
 * Whether a computed |z|² may fall back to 4 or less after it was above. Not where |c| is clearly below 2, because then
 * |z′| ≥ |z|² − |c| keeps growing by more than the rounding; nor where a pixel's |c| is clearly above, because it escapes
 * at z₁ = c and |z′| ≥ |c| (|c| − 1). The cubic formula grows faster still.
 */
function mayReturn({ formula, c, width, height }: FractalParams, view: View, region: Region): boolean {
  if (formula === 'multibrot3') return false
  if (formula === 'julia') {
    const re = double(c?.[0] ?? 0)
    const im = double(c?.[1] ?? 0)
    return !(re * re + im * im < 4 - RING)
  }
  const left = view.centerRe + (region.x + 0.5 - width / 2) * view.step
  const right = left + (region.width - 1) * view.step
  const top = view.centerIm - (region.y + 0.5 - height / 2) * view.step
  const bottom = top - (region.height - 1) * view.step
  const nearRe = left > 0 ? left : right < 0 ? -right : 0
  const nearIm = bottom > 0 ? bottom : top < 0 ? -top : 0
  const farRe = Math.max(Math.abs(left), Math.abs(right))
  const farIm = Math.max(Math.abs(top), Math.abs(bottom))
  return nearRe * nearRe + nearIm * nearIm < 4 + RING && !(farRe * farRe + farIm * farIm < 4 - RING)
}
