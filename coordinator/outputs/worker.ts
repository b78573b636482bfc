import { pipeline, Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { workerData } from 'node:worker_threads'
import { createDeflate } from 'node:zlib'
import type { AnyKind, EncodeTools, RowPlace } from '../../jobs/define.ts'
import { inputOf, rowsOf } from '../inputs/job-input.ts'
import type { JobFacts } from '../kernels.ts'
import { move, serve } from '../thread.ts'
import { type Canvas, createCanvas, type Tile } from './canvas.ts'
import { type EstimateRequest, recomputing, taskMs } from './kernel.ts'
import { type MeasureItem, measure, type Packed, unpack } from './measure.ts'

const deflate: EncodeTools['deflate'] = (source) => {
  const packer = createDeflate()
  // Whoever reads the packer hears what failed; an error that nobody listens for would end this thread.
  pipeline(Readable.from(source, { objectMode: false }), packer, () => {})
  return packer
}

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

// The threads that touch outputs' bytes, so that sockets never wait for it.

const { kinds } = (await import(pathToFileURL(String(workerData.kinds)).href)) as { kinds: readonly AnyKind[] }
const byId = new Map(kinds.map((kind) => [kind.id, kind]))
const canvases = new Map<string, Canvas>()

function known({ kind }: JobFacts): AnyKind {
  const found = byId.get(kind)
  if (!found) throw new Error(`This pool knows no kind "${kind}"`)
  return found
}

function canvas(facts: JobFacts): Canvas {
  let found = canvases.get(facts.job)
  if (!found) {
    const { picture } = known(facts)
    if (!picture) throw new Error(`The kind ${facts.kind} has no picture`)
    found = createCanvas(picture, facts.params)
    canvases.set(facts.job, found)
  }
  return found
}

const methods = {
  measure(items: readonly MeasureItem[]) {
    const measured = items.map((item) => measure(byId.get(item.facts.kind), item))
    return move(
      measured,
      measured.flatMap((one) => (one.type === 'broken' ? [] : [one.bytes])),
    )
  },
  /** Paints consecutive tasks into the job's canvas; answers their tiles where they are wanted. */
  paint(facts: JobFacts, from: number, packed: Packed, wanted: boolean): readonly Tile[] {
    const tiles = unpack(packed).flatMap((output, i) => canvas(facts).paint(from + i, output, wanted) ?? [])
    return move(
      tiles,
      tiles.map(({ png }) => png.buffer),
    )
  },
  clear(facts: JobFacts, from: number, to: number): void {
    for (let index = from; index < to; index++) canvas(facts).clear(index)
  },
  snapshot(facts: JobFacts): Uint8Array<ArrayBuffer> {
    const png = canvas(facts).snapshot()
    return move(png, [png.buffer])
  },
  forget(job: string): void {
    canvases.delete(job)
  },
  /** Milliseconds a task takes, or null. */
  estimate: (request: EstimateRequest) => taskMs(byId.get(request.kind)?.input, request),
  encode: (facts: JobFacts, form: string, outputs: AsyncIterable<Packed>) => encode(known(facts), facts, form, outputs),
  rows: (facts: JobFacts, places: readonly RowPlace[]) => rowsOf(known(facts), facts, places),
}
export type OutputMethods = typeof methods

serve(methods)
