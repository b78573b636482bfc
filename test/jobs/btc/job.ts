import { btc } from '../../../jobs/btc/index.ts'
import type { BtcParams } from '../../../jobs/btc/params.ts'
import { encodeSeries } from '../../../jobs/btc/series.ts'
import { loadKernel } from '../kernel.ts'

// A whole job in one process: split, the kernel as devices run it, price, merge.

const { prepareWith } = await loadKernel<typeof import('../../../jobs/btc/kernel.ts')>('btc')

const none = { unreadable: 0, price: 0, duplicate: 0, spike: 0 }
const START = Date.UTC(2019, 10, 1)

/** Prices in units, fifteen seconds apart. */
export function seriesOf(prices: readonly number[] | Float64Array): Uint8Array<ArrayBuffer> {
  const times = Float64Array.from(prices, (_, i) => START + i * 15_000)
  return encodeSeries({ prices: Float64Array.from(prices), times, skipped: none })
}

export async function outputsOf(params: BtcParams, input: Uint8Array, simd = true): Promise<Uint8Array[]> {
  const runner = prepareWith(params, input.subarray(...btc.input!.part!(params, input)), { simd })
  return Array.from({ length: btc.split(params, input) }, (_, index) => runner.run(index, () => {}))
}

/** The parsed result; `as` says what the analysis gives. */
export async function resultOf<Result>(given: unknown, input: Uint8Array, simd = true): Promise<Result> {
  const params = btc.schema.parse(given)
  const outputs = await outputsOf(params, input, simd)
  for (const [index, output] of outputs.entries()) {
    const price = btc.credit(params, index, output, input)
    if (!Number.isInteger(price) || price < 1) throw new Error(`task ${index} costs ${price}`)
  }
  return JSON.parse(await text(params, outputs, input, 'result')) as Result
}

export async function text(
  params: BtcParams,
  outputs: readonly Uint8Array[],
  input: Uint8Array,
  format: 'result' | 'csv',
): Promise<string> {
  async function* stream() {
    yield* outputs
  }
  const tools = { deflate: () => stream() }
  let whole = ''
  for await (const piece of btc.formats[format]!.encode(params, stream(), tools, input)) {
    whole += new TextDecoder().decode(piece)
  }
  return whole
}
