// Counter-based random numbers: splitmix64 (Steele, Lea, Flood 2014) read at any place without computing those before.
// Streams of one seed are disjoint by construction: stream and draw are the upper and lower half of one counter, and
// every counter gives another number.

/** A place to count from, far away for every other seed. */
export function seedKey(seed: u64): u64 {
  return mixed(mixed(seed ^ 0x5851f42d4c957f2d) + 0x9e3779b97f4a7c15)
}

/** 64 random bits: draw `draw` of stream `stream`. */
@inline export function random64(key: u64, stream: u32, draw: u32): u64 {
  return mixed(key + (((<u64>stream << 32) | <u64>draw) + 1) * 0x9e3779b97f4a7c15)
}

/** Uniform in (0, 1), never 0 or 1: the middle of one of 2^52 equal parts. */
@inline export function unit(bits: u64): f64 {
  return (<f64>(bits >> 12) + 0.5) * 2.220446049250313e-16
}

/** Uniform in 0 … below − 1, for below ≤ 2^24; no value is likelier than another by more than 2^−16 of its chance. */
@inline export function below(bits: u64, limit: u32): u32 {
  return <u32>(((bits >> 24) * <u64>limit) >> 40)
}

@inline function mixed(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  return z ^ (z >> 31)
}
