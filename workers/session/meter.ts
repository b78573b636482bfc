/** Ten seconds: long enough for a duty cycle of seconds, short enough to answer a slider. */
const WINDOW_MS = 10_000

/** Measured share of the whole device: thread time spent computing, over all cores' time. */
export function createMeter(cores: number) {
  let samples: { readonly at: number; readonly busyMs: number }[] = []
  return {
    /** `busyMs`: thread time since the beginning, all threads together. */
    sample(at: number, busyMs: number) {
      samples.push({ at, busyMs })
      while (samples.length > 2 && at - samples[1]!.at >= WINDOW_MS) samples.shift()
    },
    measured(): number {
      const first = samples[0]
      const last = samples.at(-1)
      if (!first || !last || last.at <= first.at) return 0
      return Math.min(1, Math.max(0, (last.busyMs - first.busyMs) / (last.at - first.at) / cores))
    },
    /** After a sleep the window says nothing. */
    reset() {
      samples = []
    },
  }
}
