/** The middle time between neighbouring points, in seconds; null below two points. */
function medianSpacing(times: Float64Array): number | null {
  if (times.length < 2) return null
  const spacings = new Float64Array(times.length - 1)
  for (let i = 0; i < spacings.length; i++) spacings[i] = times[i + 1]! - times[i]!
  spacings.sort()
  const middle = spacings.length >> 1
  const median = spacings.length % 2 === 1 ? spacings[middle]! : (spacings[middle - 1]! + spacings[middle]!) / 2
  return median / 1000
}

/** How many points ahead two minutes are, at least one. */
export function twoMinutes(times: Float64Array) {
  const spacing = medianSpacing(times)
  return { horizon: spacing ? Math.max(1, Math.round(120 / spacing)) : null, medianSpacingSeconds: spacing }
}
