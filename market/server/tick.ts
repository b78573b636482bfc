/** One price as it came, whoever told it. */
export interface Tick {
  /** Milliseconds since 1970, by the source's clock. */
  readonly at: number
  /** Whole number of 10⁻⁸ USD. */
  readonly units: number
  /** For example `kraken`, `coinbase`, `replay`, `synthetic`; at most 12 letters. */
  readonly source: string
}
