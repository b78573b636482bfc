/** Powers of five that double.as.ts knows, and the bits of each. */
const MOST = 64
const BITS = 128

/** The first 128 bits of 5^−64 … 5^64, upper half first, rounded as the algorithm in double.as.ts asks. */
export const fives = new BigUint64Array(
  Array.from({ length: 2 * MOST + 1 }, (_, i) => halves(firstBits(i - MOST))).flat(),
)

function firstBits(power: number): bigint {
  if (power >= 0) return cut(5n ** BigInt(power))
  const size = 5n ** BigInt(-power)
  // Where 128 bits hold the power itself its reciprocal is rounded at the last of them.
  const bits = power >= -27 ? lengthOf(size) + BITS - 1 : 2 * lengthOf(size) + BITS
  return cut((1n << BigInt(bits)) / size + 1n)
}

function cut(value: bigint): bigint {
  const spare = lengthOf(value) - BITS
  return spare > 0 ? value >> BigInt(spare) : value << BigInt(-spare)
}

function lengthOf(value: bigint): number {
  return value.toString(2).length
}

function halves(value: bigint): readonly bigint[] {
  return [value >> 64n, value & 0xffffffffffffffffn]
}
