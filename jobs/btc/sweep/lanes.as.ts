// Lanes: strategies of one window that walk through the series side by side, one per (tolerance, hold).
//
// A strategy's positions of a block of up to 64 steps are found first (positions.as.ts), because they change seldom; then
// values go through the block eight lanes at a time (values.as.ts).
import { reserve } from '../memory.as'

export const LIMIT: i32 = 4096

/** Lanes that walk together; arrays are padded to it. */
export const WIDTH: i32 = 8

export const values: usize = reserve(<usize>LIMIT << 3)
export const drawdowns: usize = reserve(<usize>LIMIT << 3)
export const changes: usize = reserve(<usize>LIMIT << 2)
export const held: usize = reserve(<usize>LIMIT << 2)
/** Set by the caller: which tolerance, and how many steps a change forbids the next (at least 1). */
export const slots: usize = reserve(<usize>LIMIT << 2)
export const holds: usize = reserve(<usize>LIMIT << 2)

export const peaks: usize = reserve(<usize>LIMIT << 3)
export const positions: usize = reserve(<usize>LIMIT << 2)
/** The first step at which a lane may change again. */
export const frees: usize = reserve(<usize>LIMIT << 2)
/** Of the block at hand, the first step in the highest bit: steps held, and steps that begin with a change. */
export const heldBits: usize = reserve(<usize>LIMIT << 3)
export const changeBits: usize = reserve(<usize>LIMIT << 3)

export let lanes: i32 = 0
/** What a change leaves of the value. */
export let kept: f64 = 1

/** Lanes begin with value 1, position 0 and nothing pending; `fee` is the share a change costs. */
export function startLanes(count: i32, fee: f64): void {
  lanes = count
  kept = 1 - fee
  const padded = <usize>((count + WIDTH - 1) & ~(WIDTH - 1))
  for (let lane: usize = 0; lane < padded; lane++) {
    store<f64>(values + (lane << 3), 1)
    store<f64>(peaks + (lane << 3), 1)
  }
  memory.fill(drawdowns, 0, padded << 3)
  memory.fill(changes, 0, padded << 2)
  memory.fill(held, 0, padded << 2)
  memory.fill(positions, 0, padded << 2)
  memory.fill(frees, 0, padded << 2)
  memory.fill(heldBits, 0, padded << 3)
  memory.fill(changeBits, 0, padded << 3)
}
