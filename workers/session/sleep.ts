/** A clock that leapt this far between two ticks of a second: the device was asleep or its tab frozen. */
const ASLEEP_MS = 30_000

/** What to tell when it was, else nothing. */
export function asleepFor(leapMs: number, calledHere: string): string | undefined {
  if (leapMs < ASLEEP_MS) return undefined
  return `This ${calledHere} was asleep for ${duration(leapMs)}. Back at work; nothing you finished was lost.`
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} seconds`
  if (minutes < 120) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours`
}
