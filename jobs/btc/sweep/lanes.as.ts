import { reserve } from '../memory.as'

// Lanes: strategies of one window that walk through the series side by side, one per (tolerance, hold).
//
// A strategy's positions of a block of up to 64 steps are found first, because they change seldom; then
// values go through the block eight lanes at a time (values.as.ts).

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
const positions: usize = reserve(<usize>LIMIT << 2)
/** The first step at which a lane may change again. */
const frees: usize = reserve(<usize>LIMIT << 2)
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

// Which steps of a block a lane holds, and where it changes, from the block's market states.

/** Finds the positions of one lane in the block that starts at t. */
export function position(lane: usize, t: i32, steps: i32, green: u64, red: u64): void {
  let inside = load<i32>(positions + (lane << 2))
  let wanted = inside ? red : green
  const free = load<i32>(frees + (lane << 2)) - t
  if (free > 0) wanted = free < 64 ? wanted & (~(<u64>0) >> free) : 0
  const all = ~(<u64>0) << (64 - steps)
  if (!wanted) {
    store<u64>(heldBits + (lane << 3), inside ? all : 0)
    store<u64>(changeBits + (lane << 3), 0)
    if (inside) store<i32>(held + (lane << 2), load<i32>(held + (lane << 2)) + steps)
    return
  }
  const hold = load<i32>(holds + (lane << 2))
  let holding: u64 = inside ? all : 0
  let changed: u64 = 0
  let next = 0
  while (wanted) {
    const at = <i32>clz(wanted)
    // From here on the other way round; a later change turns it again.
    holding ^= all & (~(<u64>0) >> at)
    changed |= <u64>1 << (63 - at)
    inside ^= 1
    next = at + hold
    wanted = next < 64 ? (inside ? red : green) & (~(<u64>0) >> next) : 0
  }
  store<i32>(positions + (lane << 2), inside)
  store<i32>(frees + (lane << 2), t + next)
  store<u64>(heldBits + (lane << 3), holding)
  store<u64>(changeBits + (lane << 3), changed)
  store<i32>(held + (lane << 2), load<i32>(held + (lane << 2)) + <i32>popcnt(holding))
  store<i32>(changes + (lane << 2), load<i32>(changes + (lane << 2)) + <i32>popcnt(changed))
}
