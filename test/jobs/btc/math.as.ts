// What jobs/math has for kernels, for its own test.
export { ln, normalQuantile } from '../../../jobs/math/normal.as'
export { below, random64, seedKey, unit } from '../../../jobs/math/random.as'
