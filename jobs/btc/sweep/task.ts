import { MalformedOutput } from '../../define.ts'
import type { SweepParams } from '../params.ts'
import { outOfMemory, type Runner, type Wasm } from '../runner.ts'

/** Steps of all lanes together, about 60 ms of a laptop core. */
const STEPS_PER_TASK = 67_108_864
/** Lanes a device walks side by side; 4096 cells are 128 KB of output. */
const MAX_CELLS = 4096
/** A small job is cut at least this often while there are windows, so that a room can share it. */
const FEWEST_TASKS = 32

/** The grid's cells in order, windows outermost and holds innermost, cut into runs. */
export function sweepPlan({ windows, tolerances, holds }: SweepParams, points: number) {
  const perWindow = tolerances.length * holds.length
  const steps = perWindow * Math.max(points, 1)
  const parts = Math.max(Math.ceil(steps / STEPS_PER_TASK), Math.ceil(perWindow / MAX_CELLS))
  if (parts > 1) {
    const size = Math.ceil(perWindow / parts)
    const pieces = Math.ceil(perWindow / size)
    /** Cells `[from, to)` of a task: of one window here, of several whole ones below. */
    const cells = (index: number) => {
      const start = Math.floor(index / pieces) * perWindow
      const from = (index % pieces) * size
      return [start + from, start + Math.min(from + size, perWindow)] as const
    }
    return { tasks: windows.length * pieces, perWindow, cells }
  }
  const together = Math.min(
    Math.max(Math.floor(STEPS_PER_TASK / steps), 1),
    Math.max(Math.floor(MAX_CELLS / perWindow), 1),
    Math.ceil(windows.length / FEWEST_TASKS),
  )
  const total = windows.length * perWindow
  const size = together * perWindow
  const cells = (index: number) => [index * size, Math.min((index + 1) * size, total)] as const
  return { tasks: Math.ceil(windows.length / together), perWindow, cells }
}

/** The prices the walk-forward learns from: ⌊7n / 10⌋. */
function learningPoints(points: number): number {
  return Math.floor((7 * points) / 10)
}

// The output of a sweep task: 32 bytes a cell, then 24 about the task's best one. Little-endian.

export interface Cell {
  readonly return: number
  readonly maxDrawdown: number
  /** Return on the prices the walk-forward learns from. */
  readonly train: number
  readonly changes: number
  readonly held: number
}

/** The first cell of the task with the highest `train`, and its return on the rest, started afresh. */
export interface Best {
  /** Place in the whole grid. */
  readonly cell: number
  readonly train: number
  readonly test: number
}

const CELL_BYTES = 32
const BEST_BYTES = 24

function encodeCells(cells: readonly Cell[], best: Best): Uint8Array {
  const bytes = new Uint8Array(cells.length * CELL_BYTES + BEST_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [i, cell] of cells.entries()) {
    const at = i * CELL_BYTES
    view.setFloat64(at, cell.return, true)
    view.setFloat64(at + 8, cell.maxDrawdown, true)
    view.setFloat64(at + 16, cell.train, true)
    view.setUint32(at + 24, cell.changes, true)
    view.setUint32(at + 28, cell.held, true)
  }
  const at = cells.length * CELL_BYTES
  view.setUint32(at, best.cell, true)
  view.setFloat64(at + 8, best.train, true)
  view.setFloat64(at + 16, best.test, true)
  return bytes
}

export function checkCells(bytes: Uint8Array, count: number): void {
  const expected = count * CELL_BYTES + BEST_BYTES
  if (bytes.length !== expected)
    throw new MalformedOutput(`${count} cells take ${expected} bytes, not ${bytes.length}.`)
}

export function* cellsOf(bytes: Uint8Array): Generator<Cell> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at + BEST_BYTES < bytes.length; at += CELL_BYTES) {
    yield {
      return: view.getFloat64(at, true),
      maxDrawdown: view.getFloat64(at + 8, true),
      train: view.getFloat64(at + 16, true),
      changes: view.getUint32(at + 24, true),
      held: view.getUint32(at + 28, true),
    }
  }
}

export function bestOf(bytes: Uint8Array): Best {
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - BEST_BYTES, BEST_BYTES)
  return { cell: view.getUint32(0, true), train: view.getFloat64(8, true), test: view.getFloat64(16, true) }
}

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
