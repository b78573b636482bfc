import type { Series } from './series.ts'

/** What one analysis tells the kind: how it is cut, paid and put together. */
export interface Analysis<Params> {
  title(params: Params): string
  split(params: Params, series: Series): number
  /** Throws MalformedOutput for bytes this task cannot have given. */
  price(params: Params, index: number, output: Uint8Array, series: Series): number
  /** The result as pieces of JSON, without the fields every result has. */
  json(params: Params, outputs: AsyncIterable<Uint8Array>, series: Series): AsyncIterable<string>
  /** The same as a table, header first. */
  csv(params: Params, outputs: AsyncIterable<Uint8Array>, series: Series): AsyncIterable<string>
}

/** What one analysis does on a device. */
export interface Runner {
  run(index: number, progress: (share: number) => void): Uint8Array
}
