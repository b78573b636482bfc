import type { Format } from './define.ts'

/** A result as one JSON value, made of all outputs in task order. For results small enough to be held whole. */
export function json<Params, Input>(
  merge: (params: Params, outputs: AsyncIterable<Uint8Array>, input: Input) => Promise<unknown>,
): Format<Params, Input> {
  return {
    contentType: 'application/json',
    extension: 'json',
    async *encode(params, outputs, _tools, input) {
      yield new TextEncoder().encode(`${JSON.stringify(await merge(params, outputs, input))}\n`)
    },
  }
}
