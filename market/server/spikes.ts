/** Prices this many times above or below their neighbours are mistakes of the source: a lost digit makes ten. */
const SPIKE = 5
/** Neighbours looked at on each side. A wrong level that lasts longer is believed. */
const NEIGHBOURS = 5

/**
 * Marks spikes: a price at least five times, or at most a fifth of, the median of itself and its up to five neighbours on
 * each side. Looking both ways finds a wrong first price as well as a wrong last one.
 */
export function spikesIn(prices: Float64Array): Uint8Array {
  const spikes = new Uint8Array(prices.length)
  for (const i of nearJumps(prices)) {
    const price = prices[i]!
    const around = prices.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1).sort()
    const median = around[around.length >> 1]!
    spikes[i] = price >= median * SPIKE || price * SPIKE <= median ? 1 : 0
  }
  return spikes
}

/** Only a price with a step of half its height near it can be a spike: the median is three steps away at most, 1.5³ = 3.4. */
function* nearJumps(prices: Float64Array): Generator<number> {
  let next = 0
  for (let i = 1; i < prices.length; i++) {
    if (close(prices[i]!, prices[i - 1]!)) continue
    const end = Math.min(i + NEIGHBOURS, prices.length)
    for (next = Math.max(next, i - NEIGHBOURS); next < end; next++) yield next
  }
}

function close(a: number, b: number): boolean {
  return a < b * 1.5 && b < a * 1.5
}
