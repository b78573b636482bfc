// The natural logarithm from + − × ÷ alone: the same bits on every engine. For finite normal x > 0; error below 3 units
// in the last place. x = 2^e × m, √½ ≤ m < √2; ln m = 2 artanh f, f = (m − 1) / (m + 1), |f| ≤ 0.1716, series to f^21.
// ln 2 in two parts, the first short enough for e × it to be exact.
const LN2_HIGH: f64 = 0.6931471803691238
const LN2_LOW: f64 = 1.9082149292705877e-10

export function ln(x: f64): f64 {
  const bits = reinterpret<u64>(x)
  let e = <f64>(<i32>(bits >> 52) - 1023)
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
  if (m >= 1.4142135623730951) {
    m *= 0.5
    e += 1
  }
  const f = (m - 1) / (m + 1)
  const g = f * f
  let sum: f64 = 1.0 / 21.0
  sum = sum * g + 1.0 / 19.0
  sum = sum * g + 1.0 / 17.0
  sum = sum * g + 1.0 / 15.0
  sum = sum * g + 1.0 / 13.0
  sum = sum * g + 1.0 / 11.0
  sum = sum * g + 1.0 / 9.0
  sum = sum * g + 1.0 / 7.0
  sum = sum * g + 1.0 / 5.0
  sum = sum * g + 1.0 / 3.0
  sum = sum * g + 1
  return e * LN2_HIGH + (2 * f * sum + e * LN2_LOW)
}
