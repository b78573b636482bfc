import * as z from 'zod/mini'
import { type Kind, MalformedOutput } from '../../jobs/define.ts'

// Outputs of some weight, of which any bytes could be honest: what is kept of many lies shows on the disk.

export const BLOCK_BYTES = 256 * 1024

const schema = z.strictObject({ tasks: z.int().check(z.gte(1), z.lte(1000)) })
type Params = z.infer<typeof schema>

/** A task's output; `salt` makes it somebody's lie. */
export function block(index: number, salt = 0): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES).fill(index)
  new DataView(bytes.buffer).setUint32(0, salt, true)
  return bytes
}

const raw = {
  contentType: 'application/octet-stream',
  extension: 'bin',
  sizeBytes: ({ tasks }: Params) => tasks * BLOCK_BYTES,
  async *encode(_: Params, outputs: AsyncIterable<Uint8Array>) {
    yield* outputs
  },
}

const blocks: Kind<Params> = {
  id: 'blocks',
  summary: 'Returns blocks of bytes.',
  schema,
  title: ({ tasks }) => `${tasks} blocks`,
  split: ({ tasks }) => tasks,
  credit(_, __, output) {
    if (output.length !== BLOCK_BYTES) throw new MalformedOutput(`A block has ${BLOCK_BYTES} bytes.`)
    return 1
  },
  formats: { result: raw, raw },
  gallery: [{ name: 'A few', params: { tasks: 3 } }],
}

export const kinds = [blocks]
