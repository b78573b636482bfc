// The last `capacity` scores, in order of time to forget the oldest and sorted to read ranks.
import { reserve } from '../memory.as'

export let held: i32 = 0

let capacity: i32 = 0
let ring: usize = 0
let sorted: usize = 0
let oldest: i32 = 0

/** False without memory. */
export function reserveScores(capacity_: i32): bool {
  capacity = capacity_
  ring = reserve(<usize>capacity_ << 3)
  sorted = reserve(<usize>capacity_ << 3)
  return ring != 0 && sorted != 0
}

export function clearScores(): void {
  held = 0
  oldest = 0
}

/** The score with `rank` − 1 smaller or equal ones before it. */
export function ranked(rank: i32): f64 {
  return load<f64>(sorted + (<usize>(rank - 1) << 3))
}

export function addScore(score: f64): void {
  if (held == capacity) {
    const place = ring + (<usize>oldest << 3)
    remove(load<f64>(place))
    store<f64>(place, score)
    oldest = oldest + 1 == capacity ? 0 : oldest + 1
  } else store<f64>(ring + (<usize>held << 3), score)
  const at = sorted + (<usize>firstNotBelow(score) << 3)
  memory.copy(at + 8, at, sorted + (<usize>held << 3) - at)
  store<f64>(at, score)
  held++
}

function remove(score: f64): void {
  const at = sorted + (<usize>firstNotBelow(score) << 3)
  held--
  memory.copy(at, at + 8, sorted + (<usize>held << 3) - at)
}

function firstNotBelow(score: f64): i32 {
  let from = 0
  let to = held
  while (from < to) {
    const middle = (from + to) >> 1
    if (load<f64>(sorted + (<usize>middle << 3)) < score) from = middle + 1
    else to = middle
  }
  return from
}
