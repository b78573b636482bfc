import { MalformedOutput } from '../../define.ts'

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

export function encodeCells(cells: readonly Cell[], best: Best): Uint8Array {
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
