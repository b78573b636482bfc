/** Messages a device may send at once and a second. A workstation with 256 busy threads stays below it. */
const BURST = 2000
const PER_SECOND = 1000

/** A token bucket; its clock comes in with each call. */
export function createBucket(now: number, burst = BURST, perSecond = PER_SECOND) {
  let level = burst
  let at = now
  return {
    take(now: number): boolean {
      level = Math.min(burst, level + (Math.max(0, now - at) / 1000) * perSecond)
      at = now
      if (level < 1) return false
      level--
      return true
    },
  }
}
