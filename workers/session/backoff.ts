const FIRST_MS = 100
const CAP_MS = 30_000

/**
 * Waits between attempts: random between 100 ms and four times the last one, capped, for ever. Random so that a room
 * full of devices does not come back to a restarted pool in one instant.
 */
export function createBackoff(random: () => number) {
  let lastMs = FIRST_MS
  return {
    nextMs(capMs = CAP_MS): number {
      const upMs = Math.min(capMs, lastMs * 4)
      lastMs = FIRST_MS + random() * (upMs - FIRST_MS)
      return lastMs
    },
    reset() {
      lastMs = FIRST_MS
    },
  }
}
