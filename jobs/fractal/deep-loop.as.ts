// The inner loops of deep.as.ts: eight lanes, one iteration of all of them at a time.

export const LANES: i32 = 8
// Below this |z|² is clearly at most 4.
export const LOW: f64 = 4 - 0.00000095367431640625

// Lane i is the f64 at +8i: δ re, +64 im; δc re +128, im +192; λ re +256, im +320; δ and λ at the last saved rebase from
// +384. λ′ = 2zλ + δc is what δ would be if it stayed small: how far the rounding errors of δ have been blown up.
export const lanes: usize = memory.data(640, 16)
// Per lane, i32: its pixel or −1; address of its point of the reference orbit.
export const pixelOf: usize = memory.data(32)
export const placeOf: usize = memory.data(32)

/** Iterations the last call did. */
export let iterated: i32 = 0

// At most `limit` iterations of all lanes, fewer when one needs a judge: then its bit is set in the answer.
export function iterateLanes(limit: i32): i32 {
  let marks = 0
  iterated = 0
  while (!marks && iterated < limit) {
    for (let lane = 0; lane < LANES; lane++) {
      if (load<i32>(pixelOf + (lane << 2)) < 0) continue
      const wide = lanes + (<usize>lane << 3)
      const place = load<i32>(placeOf + (lane << 2))
      const zRe = load<f64>(place)
      const zIm = load<f64>(place, 8)
      const dRe = load<f64>(wide)
      const dIm = load<f64>(wide, 64)
      const cRe = load<f64>(wide, 128)
      const cIm = load<f64>(wide, 192)
      const lRe = load<f64>(wide, 256)
      const lIm = load<f64>(wide, 320)
      const re = zRe + dRe
      const im = zIm + dIm
      store<f64>(wide, (re + re) * lRe - (im + im) * lIm + cRe, 256)
      store<f64>(wide, (re + re) * lIm + (im + im) * lRe + cIm, 320)
      const dRe1 = (zRe + re) * dRe - (zIm + im) * dIm + cRe
      const dIm1 = (zRe + re) * dIm + (zIm + im) * dRe + cIm
      store<f64>(wide, dRe1)
      store<f64>(wide, dIm1, 64)
      store<i32>(placeOf + (lane << 2), place + 16)
      const re1 = load<f64>(place, 16) + dRe1
      const im1 = load<f64>(place, 24) + dIm1
      const square = re1 * re1 + im1 * im1
      if (!(square <= LOW) || !(square >= dRe1 * dRe1 + dIm1 * dIm1)) marks |= 1 << lane
    }
    iterated++
  }
  return marks
}

// The same for all eight at once. A lane without a pixel has δ = δc = 0: it stands at the first point and never stops.
export function iterateVectors(limit: i32): i32 {
  const low = f64x2.splat(LOW)
  let r0 = v128.load(lanes, 0), r1 = v128.load(lanes, 16), r2 = v128.load(lanes, 32), r3 = v128.load(lanes, 48)
  let i0 = v128.load(lanes, 64), i1 = v128.load(lanes, 80), i2 = v128.load(lanes, 96), i3 = v128.load(lanes, 112)
  let p0 = load<i32>(placeOf, 0), p1 = load<i32>(placeOf, 4), p2 = load<i32>(placeOf, 8), p3 = load<i32>(placeOf, 12)
  let p4 = load<i32>(placeOf, 16), p5 = load<i32>(placeOf, 20), p6 = load<i32>(placeOf, 24), p7 = load<i32>(placeOf, 28)
  const s0 = move(0), s1 = move(1), s2 = move(2), s3 = move(3), s4 = move(4), s5 = move(5), s6 = move(6), s7 = move(7)
  let x0 = reals(p0, p1), x1 = reals(p2, p3), x2 = reals(p4, p5), x3 = reals(p6, p7)
  let y0 = imaginaries(p0, p1), y1 = imaginaries(p2, p3), y2 = imaginaries(p4, p5), y3 = imaginaries(p6, p7)
  let u0 = f64x2.add(x0, r0), u1 = f64x2.add(x1, r1), u2 = f64x2.add(x2, r2), u3 = f64x2.add(x3, r3)
  let v0 = f64x2.add(y0, i0), v1 = f64x2.add(y1, i1), v2 = f64x2.add(y2, i2), v3 = f64x2.add(y3, i3)
  let l0 = v128.load(lanes, 256), l1 = v128.load(lanes, 272), l2 = v128.load(lanes, 288), l3 = v128.load(lanes, 304)
  let k0 = v128.load(lanes, 320), k1 = v128.load(lanes, 336), k2 = v128.load(lanes, 352), k3 = v128.load(lanes, 368)
  let t = l0
  let done = 0
  let marks = 0
  while (done < limit) {
    t = productRe(f64x2.add(u0, u0), f64x2.add(v0, v0), l0, k0, 128)
    k0 = productIm(f64x2.add(u0, u0), f64x2.add(v0, v0), l0, k0, 192)
    l0 = t
    t = productRe(f64x2.add(u1, u1), f64x2.add(v1, v1), l1, k1, 144)
    k1 = productIm(f64x2.add(u1, u1), f64x2.add(v1, v1), l1, k1, 208)
    l1 = t
    t = productRe(f64x2.add(u2, u2), f64x2.add(v2, v2), l2, k2, 160)
    k2 = productIm(f64x2.add(u2, u2), f64x2.add(v2, v2), l2, k2, 224)
    l2 = t
    t = productRe(f64x2.add(u3, u3), f64x2.add(v3, v3), l3, k3, 176)
    k3 = productIm(f64x2.add(u3, u3), f64x2.add(v3, v3), l3, k3, 240)
    l3 = t
    u0 = f64x2.add(x0, u0)
    u1 = f64x2.add(x1, u1)
    u2 = f64x2.add(x2, u2)
    u3 = f64x2.add(x3, u3)
    v0 = f64x2.add(y0, v0)
    v1 = f64x2.add(y1, v1)
    v2 = f64x2.add(y2, v2)
    v3 = f64x2.add(y3, v3)
    t = productRe(u0, v0, r0, i0, 128)
    i0 = productIm(u0, v0, r0, i0, 192)
    r0 = t
    t = productRe(u1, v1, r1, i1, 144)
    i1 = productIm(u1, v1, r1, i1, 208)
    r1 = t
    t = productRe(u2, v2, r2, i2, 160)
    i2 = productIm(u2, v2, r2, i2, 224)
    r2 = t
    t = productRe(u3, v3, r3, i3, 176)
    i3 = productIm(u3, v3, r3, i3, 240)
    r3 = t
    p0 += s0
    p1 += s1
    p2 += s2
    p3 += s3
    p4 += s4
    p5 += s5
    p6 += s6
    p7 += s7
    x0 = reals(p0, p1)
    x1 = reals(p2, p3)
    x2 = reals(p4, p5)
    x3 = reals(p6, p7)
    y0 = imaginaries(p0, p1)
    y1 = imaginaries(p2, p3)
    y2 = imaginaries(p4, p5)
    y3 = imaginaries(p6, p7)
    u0 = f64x2.add(x0, r0)
    u1 = f64x2.add(x1, r1)
    u2 = f64x2.add(x2, r2)
    u3 = f64x2.add(x3, r3)
    v0 = f64x2.add(y0, i0)
    v1 = f64x2.add(y1, i1)
    v2 = f64x2.add(y2, i2)
    v3 = f64x2.add(y3, i3)
    done++
    const c0 = calmOf(u0, v0, r0, i0, low), c1 = calmOf(u1, v1, r1, i1, low)
    const c2 = calmOf(u2, v2, r2, i2, low), c3 = calmOf(u3, v3, r3, i3, low)
    if (!i64x2.all_true(v128.and(v128.and(c0, c1), v128.and(c2, c3)))) {
      const calm = i64x2.bitmask(c0) | (i64x2.bitmask(c1) << 2) | (i64x2.bitmask(c2) << 4) | (i64x2.bitmask(c3) << 6)
      marks = calm ^ 255
      break
    }
  }
  iterated = done
  v128.store(lanes, r0, 0)
  v128.store(lanes, r1, 16)
  v128.store(lanes, r2, 32)
  v128.store(lanes, r3, 48)
  v128.store(lanes, i0, 64)
  v128.store(lanes, i1, 80)
  v128.store(lanes, i2, 96)
  v128.store(lanes, i3, 112)
  v128.store(lanes, l0, 256)
  v128.store(lanes, l1, 272)
  v128.store(lanes, l2, 288)
  v128.store(lanes, l3, 304)
  v128.store(lanes, k0, 320)
  v128.store(lanes, k1, 336)
  v128.store(lanes, k2, 352)
  v128.store(lanes, k3, 368)
  store<i32>(placeOf, p0, 0)
  store<i32>(placeOf, p1, 4)
  store<i32>(placeOf, p2, 8)
  store<i32>(placeOf, p3, 12)
  store<i32>(placeOf, p4, 16)
  store<i32>(placeOf, p5, 20)
  store<i32>(placeOf, p6, 24)
  store<i32>(placeOf, p7, 28)
  return marks
}

// A lane without a pixel must not walk off the end of the orbit.
// @ts-ignore: decorator
@inline
function move(lane: i32): i32 {
  return load<i32>(pixelOf + (lane << 2)) < 0 ? 0 : 16
}

// @ts-ignore: decorator
@inline
function reals(a: i32, b: i32): v128 {
  return f64x2.shuffle(v128.load(a), v128.load(b), 0, 2)
}

// @ts-ignore: decorator
@inline
function imaginaries(a: i32, b: i32): v128 {
  return f64x2.shuffle(v128.load(a), v128.load(b), 1, 3)
}

// (u + iv) (r + ii) + δc.
// @ts-ignore: decorator
@inline
function productRe(u: v128, v: v128, r: v128, i: v128, offset: usize): v128 {
  return f64x2.add(f64x2.sub(f64x2.mul(u, r), f64x2.mul(v, i)), v128.load(lanes + offset))
}

// @ts-ignore: decorator
@inline
function productIm(u: v128, v: v128, r: v128, i: v128, offset: usize): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(u, i), f64x2.mul(v, r)), v128.load(lanes + offset))
}

// |z|² clearly at most 4, and not below |δ|².
// @ts-ignore: decorator
@inline
function calmOf(u: v128, v: v128, r: v128, i: v128, low: v128): v128 {
  const square = f64x2.add(f64x2.mul(u, u), f64x2.mul(v, v))
  const delta = f64x2.add(f64x2.mul(r, r), f64x2.mul(i, i))
  return v128.and(f64x2.le(square, low), f64x2.ge(square, delta))
}
