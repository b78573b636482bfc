import { Readable } from 'node:stream'
import { createDeflate } from 'node:zlib'
import type { AnyKind, EncodeTools } from '../../jobs/define.ts'
import { inputOf } from '../inputs/input.ts'
import { recomputing } from '../inputs/recompute.ts'
import type { JobFacts } from '../job-facts.ts'
import { type Packed, unpack } from './pack.ts'

const deflate: EncodeTools['deflate'] = (source) => Readable.from(source, { objectMode: false }).pipe(createDeflate())

/** A result in one of its forms, from its outputs in task order. Memory stays bounded whatever the size of the job. */
export async function* encode(
  kind: AnyKind,
  facts: JobFacts,
  form: string,
  packs: AsyncIterable<Packed>,
): AsyncGenerator<Uint8Array> {
  const format = kind.formats[form]
  if (!format) throw new Error(`Results of the kind "${kind.id}" have no form "${form}".`)
  const input = inputOf(kind, facts)
  async function* outputs() {
    for await (const packed of packs) yield* unpack(packed)
  }
  yield* format.encode(facts.params, outputs(), { deflate, recompute: recomputing(kind, facts, input) }, input)
}
