// Market states of up to 64 consecutive points as bits, the first point in the highest bit.

export let green: u64 = 0
export let red: u64 = 0

/** green: price > average × above; red: price < average × below; neither: blue. */
export function states(prices: usize, averages: usize, steps: i32, above: f64, below: f64): void {
  let greens: u64 = 0
  let reds: u64 = 0
  if (ASC_FEATURE_SIMD) {
    const above2 = f64x2.splat(above)
    const below2 = f64x2.splat(below)
    for (let i: usize = 0; i < 512; i += 16) {
      // Lanes swapped: the first point belongs in the higher bit.
      const price = v128.load(prices + i)
      const average = v128.load(averages + i)
      const isGreen = f64x2.gt(price, f64x2.mul(average, above2))
      const isRed = f64x2.lt(price, f64x2.mul(average, below2))
      greens = (greens << 2) | swapped(i64x2.bitmask(isGreen))
      reds = (reds << 2) | swapped(i64x2.bitmask(isRed))
    }
  } else {
    for (let i: usize = 0; i < 512; i += 8) {
      const price = load<f64>(prices + i)
      const average = load<f64>(averages + i)
      greens = (greens << 1) | <u64>(price > average * above)
      reds = (reds << 1) | <u64>(price < average * below)
    }
  }
  const used = ~(<u64>0) << (64 - steps)
  green = greens & used
  red = reds & used
}

@inline function swapped(bits: i32): u64 {
  return <u64>((bits >> 1) | ((bits & 1) << 1))
}
