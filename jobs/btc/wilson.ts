/** The normal value with 2.5 % of the distribution beyond it. */
const Z = 1.959964

/** A share with its 95 % interval. */
export interface Share {
  readonly share: number | null
  readonly low: number | null
  readonly high: number | null
}

/** `hits` of `count` with Wilson's score interval (1927); null without any. */
export function wilson(hits: number, count: number): Share {
  if (count === 0) return { share: null, low: null, high: null }
  const share = hits / count
  const z2 = Z * Z
  const scale = 1 + z2 / count
  const centre = (share + z2 / (2 * count)) / scale
  const half = (Z * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count))) / scale
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
