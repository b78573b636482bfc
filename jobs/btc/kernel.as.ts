// The BTC kernel. Built twice, with SIMD and without; both give the same bits.
export { prices, reservePrices } from './memory.as'
export { changes, drawdowns, held, holds, slots, values } from './sweep/lanes.as'
export { above, beginSweep, below, prepareSweep, proceedSweep } from './sweep/walk.as'
export { beginPredict, horizons, proceedPredict, tallies } from './predict/line.as'
export {
  beginForecast, bins, deviation, mean, prepareForecast, proceedForecast, setLevels, touchedLower, touchedSetpoint, touchedUpper,
} from './forecast/paths.as'
export { beginLevels, fit, fits, lastTree, leafCount, leaves, prepareLevels } from './levels/band.as'
