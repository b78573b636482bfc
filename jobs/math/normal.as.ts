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

// The normal distribution's quantile: Wichura's rational approximation (Algorithm AS 241, PPND16, Applied Statistics 37,
// 1988), relative error about 1e-16, from + − × ÷ √ and our own logarithm: the same bits on every engine.

/** The standard normal value below which a share `p` lies; 0 < p < 1. */
export function normalQuantile(p: f64): f64 {
  const q = p - 0.5
  if (abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return q * (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
      + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
      + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)
      / (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
      + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
      + 4.2313330701600911252e1) * r + 1)
  }
  const tail = q < 0 ? p : 1 - p
  const root = sqrt(-ln(tail))
  const value = root <= 5 ? near(root - 1.6) : far(root - 5)
  return q < 0 ? -value : value
}

function near(r: f64): f64 {
  return (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
    + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
    + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)
    / (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
    + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
    + 2.05319162663775882187e0) * r + 1)
}

function far(r: f64): f64 {
  return (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
    + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
    + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)
    / (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
    + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
    + 5.99832206555887937690e-1) * r + 1)
}
