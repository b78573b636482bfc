/** What one analysis does on a device. */
export interface Runner {
  run(index: number, progress: (share: number) => void): Uint8Array
}

export function outOfMemory(): Error {
  return new Error('This device has not enough memory for this series.')
}

interface Global {
  readonly value: number
}

/** What kernel.as.ts exports. */
export interface Wasm {
  readonly memory: { readonly buffer: ArrayBuffer }
  reservePrices(points: number): number

  readonly values: Global
  readonly drawdowns: Global
  readonly changes: Global
  readonly held: Global
  readonly slots: Global
  readonly holds: Global
  readonly above: Global
  readonly below: Global
  prepareSweep(): number
  beginSweep(window: number, t: number, lanes: number, tolerances: number, fee: number): void
  proceedSweep(end: number): void

  readonly horizons: Global
  readonly tallies: Global
  beginPredict(window: number, t: number, horizons: number): void
  proceedPredict(end: number): void

  readonly mean: Global
  readonly deviation: Global
  readonly touchedSetpoint: Global
  readonly touchedUpper: Global
  readonly touchedLower: Global
  readonly bins: Global
  prepareForecast(seed: bigint, gbm: number, points: number, stride: number): number
  setLevels(setpoint: number, upper: number, lower: number): void
  beginForecast(): void
  proceedForecast(from: number, to: number): void

  readonly fits: Global
  readonly leaves: Global
  readonly leafCount: Global
  prepareLevels(window: number, depth: number, stride: number, calibration: number, outside: number): number
  beginLevels(): void
  fit(index: number, counted: number): void
  lastTree(): void
}
