import type { Runner } from '../analysis.ts'
import type { SweepParams } from '../params.ts'
import { outOfMemory, type Wasm } from '../wasm.ts'
import { type Best, type Cell, encodeCells } from './cells.ts'
import { learningPoints, sweepPlan } from './plan.ts'

/** Steps of all lanes between two reports: some ten milliseconds, half a second on a slow board. */
const STEPS_PER_REPORT = 16_000_000

/** How much of the walk at hand is done, 0 … 1. */
type Report = (share: number) => void

interface Lane {
  readonly tolerance: number
  readonly hold: number
}

export function runSweep(wasm: Wasm, params: SweepParams, points: number): Runner {
  if (!wasm.prepareSweep()) throw outOfMemory()
  const plan = sweepPlan(params, points)
  const { windows, tolerances, holds, fee } = params
  const learning = learningPoints(points)

  /** Walks lanes of one window from step `start`, calling `look` at the end of the learning prices. */
  function walk(window: number, lanes: readonly Lane[], start: number, look: () => void, report: Report): void {
    begin(window, lanes, start)
    const stride = Math.max(64, Math.floor(STEPS_PER_REPORT / lanes.length / 64) * 64)
    const goTo = (end: number, from: number) => {
      for (let at = from; at < end; at = Math.min(at + stride, end)) {
        wasm.proceedSweep(Math.min(at + stride, end))
        report(at / points)
      }
    }
    const middle = Math.max(start, learning - 1)
    goTo(middle, start)
    look()
    goTo(points - 1, middle)
  }

  function begin(window: number, lanes: readonly Lane[], start: number): void {
    const used = [...new Set(lanes.map(({ tolerance }) => tolerance))]
    doubles(wasm, wasm.above, used.length).set(used.map((tolerance) => 1 + tolerance))
    doubles(wasm, wasm.below, used.length).set(used.map((tolerance) => 1 - tolerance))
    integers(wasm, wasm.slots, lanes.length).set(lanes.map(({ tolerance }) => used.indexOf(tolerance)))
    // With 0 as with 1 the next state is free to change again.
    integers(wasm, wasm.holds, lanes.length).set(lanes.map(({ hold }) => Math.max(hold, 1)))
    wasm.beginSweep(window, start, lanes.length, used.length, fee)
  }

  function cellsOf(window: number, lanes: readonly Lane[], report: Report): Cell[] {
    if (points <= window) {
      return lanes.map(() => ({ return: 0, maxDrawdown: 0, train: 0, changes: 0, held: 0 }))
    }
    let train = new Float64Array()
    walk(
      window,
      lanes,
      window - 1,
      () => {
        train = doubles(wasm, wasm.values, lanes.length).slice()
      },
      report,
    )
    const values = doubles(wasm, wasm.values, lanes.length)
    const drawdowns = doubles(wasm, wasm.drawdowns, lanes.length)
    const changes = integers(wasm, wasm.changes, lanes.length)
    const held = integers(wasm, wasm.held, lanes.length)
    return lanes.map((_, i) => ({
      return: values[i]! - 1,
      maxDrawdown: drawdowns[i]!,
      train: train[i]! - 1,
      changes: changes[i]!,
      held: held[i]!,
    }))
  }

  function test(window: number, lane: Lane, report: Report): number {
    const start = Math.max(learning, window - 1)
    if (start >= points - 1) return 0
    walk(window, [lane], start, () => {}, report)
    return doubles(wasm, wasm.values, 1)[0]! - 1
  }

  function laneOf(cell: number): Lane {
    const place = cell % plan.perWindow
    return { tolerance: tolerances[Math.floor(place / holds.length)]!, hold: holds[place % holds.length]! }
  }

  return {
    run(index, progress) {
      const [from, to] = plan.cells(index)
      const cells: Cell[] = []
      for (let next = from; next < to; ) {
        const window = Math.floor(next / plan.perWindow)
        const end = Math.min(to, (window + 1) * plan.perWindow)
        const lanes = Array.from({ length: end - next }, (_, i) => laneOf(next + i))
        const done = next - from
        const report = (share: number) => progress((done + share * lanes.length) / (to - from))
        cells.push(...cellsOf(windows[window]!, lanes, report))
        next = end
      }
      let first = 0
      for (const [i, { train }] of cells.entries()) if (train > cells[first]!.train) first = i
      const cell = from + first
      const window = windows[Math.floor(cell / plan.perWindow)]!
      const best: Best = { cell, train: cells[first]!.train, test: test(window, laneOf(cell), () => progress(1)) }
      return encodeCells(cells, best)
    },
  }
}

function doubles(wasm: Wasm, at: { readonly value: number }, length: number): Float64Array {
  return new Float64Array(wasm.memory.buffer, at.value, length)
}

function integers(wasm: Wasm, at: { readonly value: number }, length: number): Int32Array {
  return new Int32Array(wasm.memory.buffer, at.value, length)
}
