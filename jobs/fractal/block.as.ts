// Eight iterations of eight pixels in four pairs of vectors: where nearly all the time goes.

export const BLOCK: i32 = 8

// Marks that specialise the inner loop, told apart by their size: the one thing asc is sure to decide while compiling.
export type Plain = i8
export type Ship = i16
export type Cubic = i32
export type Careful = i64

// @ts-ignore: decorator
@inline
function vectorRe<Kind>(r: v128, i: v128, c: v128): v128 {
  const rr = f64x2.mul(r, r)
  const ii = f64x2.mul(i, i)
  if (sizeof<Kind>() == sizeof<Cubic>()) return f64x2.add(f64x2.mul(r, f64x2.sub(rr, f64x2.mul(f64x2.splat(3), ii))), c)
  return f64x2.add(f64x2.sub(rr, ii), c)
}

// @ts-ignore: decorator
@inline
function vectorIm<Kind>(r: v128, i: v128, c: v128): v128 {
  if (sizeof<Kind>() == sizeof<Cubic>()) {
    const rr = f64x2.mul(r, r)
    return f64x2.add(f64x2.mul(i, f64x2.sub(f64x2.mul(f64x2.splat(3), rr), f64x2.mul(i, i))), c)
  }
  const product = f64x2.mul(f64x2.add(r, r), i)
  return f64x2.add(sizeof<Kind>() == sizeof<Ship>() ? f64x2.abs(product) : product, c)
}

// @ts-ignore: decorator
@inline
function squared(r: v128, i: v128): v128 {
  return f64x2.add(f64x2.mul(r, r), f64x2.mul(i, i))
}

// Eight iterations of eight lanes. Bit i of the answer: lane i escaped.
// @ts-ignore: decorator
@inline
export function iterate<Kind, Care>(from: usize, to: usize, constants: usize): i32 {
  let r0 = v128.load(from, 0), r1 = v128.load(from, 16), r2 = v128.load(from, 32), r3 = v128.load(from, 48)
  let i0 = v128.load(from, 64), i1 = v128.load(from, 80), i2 = v128.load(from, 96), i3 = v128.load(from, 112)
  const a0 = v128.load(constants, 0), a1 = v128.load(constants, 16)
  const a2 = v128.load(constants, 32), a3 = v128.load(constants, 48)
  const b0 = v128.load(constants, 64), b1 = v128.load(constants, 80)
  const b2 = v128.load(constants, 96), b3 = v128.load(constants, 112)
  let q0 = f64x2.splat(0), q1 = q0, q2 = q0, q3 = q0
  let t = q0
  // Four iterations a turn, written out: asc does not unroll, and the loop alone would cost a quarter of the speed.
  for (let k = 0; k < BLOCK / 4; k++) {
    t = vectorRe<Kind>(r0, i0, a0); i0 = vectorIm<Kind>(r0, i0, b0); r0 = t
    t = vectorRe<Kind>(r1, i1, a1); i1 = vectorIm<Kind>(r1, i1, b1); r1 = t
    t = vectorRe<Kind>(r2, i2, a2); i2 = vectorIm<Kind>(r2, i2, b2); r2 = t
    t = vectorRe<Kind>(r3, i3, a3); i3 = vectorIm<Kind>(r3, i3, b3); r3 = t
    if (sizeof<Care>() == sizeof<Careful>()) {
      q0 = f64x2.max(q0, squared(r0, i0))
      q1 = f64x2.max(q1, squared(r1, i1))
      q2 = f64x2.max(q2, squared(r2, i2))
      q3 = f64x2.max(q3, squared(r3, i3))
    }
    t = vectorRe<Kind>(r0, i0, a0); i0 = vectorIm<Kind>(r0, i0, b0); r0 = t
    t = vectorRe<Kind>(r1, i1, a1); i1 = vectorIm<Kind>(r1, i1, b1); r1 = t
    t = vectorRe<Kind>(r2, i2, a2); i2 = vectorIm<Kind>(r2, i2, b2); r2 = t
    t = vectorRe<Kind>(r3, i3, a3); i3 = vectorIm<Kind>(r3, i3, b3); r3 = t
    if (sizeof<Care>() == sizeof<Careful>()) {
      q0 = f64x2.max(q0, squared(r0, i0))
      q1 = f64x2.max(q1, squared(r1, i1))
      q2 = f64x2.max(q2, squared(r2, i2))
      q3 = f64x2.max(q3, squared(r3, i3))
    }
    t = vectorRe<Kind>(r0, i0, a0); i0 = vectorIm<Kind>(r0, i0, b0); r0 = t
    t = vectorRe<Kind>(r1, i1, a1); i1 = vectorIm<Kind>(r1, i1, b1); r1 = t
    t = vectorRe<Kind>(r2, i2, a2); i2 = vectorIm<Kind>(r2, i2, b2); r2 = t
    t = vectorRe<Kind>(r3, i3, a3); i3 = vectorIm<Kind>(r3, i3, b3); r3 = t
    if (sizeof<Care>() == sizeof<Careful>()) {
      q0 = f64x2.max(q0, squared(r0, i0))
      q1 = f64x2.max(q1, squared(r1, i1))
      q2 = f64x2.max(q2, squared(r2, i2))
      q3 = f64x2.max(q3, squared(r3, i3))
    }
    t = vectorRe<Kind>(r0, i0, a0); i0 = vectorIm<Kind>(r0, i0, b0); r0 = t
    t = vectorRe<Kind>(r1, i1, a1); i1 = vectorIm<Kind>(r1, i1, b1); r1 = t
    t = vectorRe<Kind>(r2, i2, a2); i2 = vectorIm<Kind>(r2, i2, b2); r2 = t
    t = vectorRe<Kind>(r3, i3, a3); i3 = vectorIm<Kind>(r3, i3, b3); r3 = t
    if (sizeof<Care>() == sizeof<Careful>()) {
      q0 = f64x2.max(q0, squared(r0, i0))
      q1 = f64x2.max(q1, squared(r1, i1))
      q2 = f64x2.max(q2, squared(r2, i2))
      q3 = f64x2.max(q3, squared(r3, i3))
    }
  }
  if (sizeof<Care>() == sizeof<Plain>()) {
    q0 = squared(r0, i0)
    q1 = squared(r1, i1)
    q2 = squared(r2, i2)
    q3 = squared(r3, i3)
  }
  v128.store(to, r0, 0)
  v128.store(to, r1, 16)
  v128.store(to, r2, 32)
  v128.store(to, r3, 48)
  v128.store(to, i0, 64)
  v128.store(to, i1, 80)
  v128.store(to, i2, 96)
  v128.store(to, i3, 112)
  // "Not ≤" so that infinities that became NaN count as escaped.
  const four = f64x2.splat(4)
  q0 = f64x2.le(q0, four)
  q1 = f64x2.le(q1, four)
  q2 = f64x2.le(q2, four)
  q3 = f64x2.le(q3, four)
  if (i64x2.all_true(v128.and(v128.and(q0, q1), v128.and(q2, q3)))) return 0
  const bounded = i64x2.bitmask(q0) | (i64x2.bitmask(q1) << 2) | (i64x2.bitmask(q2) << 4) | (i64x2.bitmask(q3) << 6)
  return bounded ^ 255
}
