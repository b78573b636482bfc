/** The part of time that is looked at, in seconds since 1970. */
export type Window = readonly [from: number, to: number]

/** So far aside, as a share of what is seen, within all there is. */
export function moved([from, to]: Window, share: number, [first, last]: Window): Window {
  const length = to - from
  const start = Math.min(Math.max(first, from + length * share), last - length)
  return [start, start + length]
}

/** So much of it, around a moment; null where that is everything. */
export function zoomed(
  [from, to]: Window,
  factor: number,
  around: number,
  whole: Window,
  least: number,
): Window | null {
  const all = whole[1] - whole[0]
  const length = Math.max((to - from) * factor, least)
  if (length >= all) return null
  return moved([around - length / 2, around + length / 2], 0, whole)
}
