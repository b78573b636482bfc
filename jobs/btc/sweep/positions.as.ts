// Which steps of a block a lane holds, and where it changes, from the block's market states.
import { changeBits, changes, frees, held, heldBits, holds, positions } from './lanes.as'

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
