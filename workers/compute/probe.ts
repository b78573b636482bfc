/** Long enough for a clock of 0.1 ms, short enough to vanish beside a task. */
const PROBE_MS = 4
const ROUNDS = 20_000

/**
 * This thread's speed right now, in rounds of a fixed integer loop per millisecond. A device that gets hot lowers its
 * clock, and this falls with it, whatever the tasks are.
 */
export function probeSpeed(now: () => number): number {
  const startedAt = now()
  let done = 0
  let x = 1
  let elapsed = 0
  do {
    for (let i = 0; i < ROUNDS; i++) x = (Math.imul(x, 0x5851f42d) + 0x14057b7f) | 0
    done += ROUNDS
    elapsed = now() - startedAt
  } while (elapsed < PROBE_MS)
  // `x` must be used, or the loop is optimised away.
  return (done + (x & 1)) / elapsed
}
