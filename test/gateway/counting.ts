import * as z from 'zod/mini'
import { type Kind, MalformedOutput } from '../../jobs/define.ts'

// The smallest kind there can be: tests and benchmarks of the coordinator pass it in. Every task returns eight bytes that
// name it, so lost, doubled and exchanged outputs show.

const schema = z.strictObject({
  tasks: z.int().check(z.gte(1), z.lte(10_000_000)),
  /** Weight, for tests of what is sent about. */
  note: z.optional(z.string()),
  /** Time a task takes, milliseconds. */
  ms: z._default(z.optional(z.number().check(z.gte(0), z.lte(10_000))), 0),
})
type Params = z.infer<typeof schema>

/** The output of a task: its index twice, the second time hashed. */
export function counted(index: number): Uint8Array {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, index, true)
  view.setUint32(4, Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) >>> 0, true)
  return bytes
}

/** The result of a whole job, by a straight loop. */
export function straightLoop(tasks: number): Uint8Array {
  const bytes = new Uint8Array(tasks * 8)
  for (let i = 0; i < tasks; i++) bytes.set(counted(i), i * 8)
  return bytes
}

async function* joined(_: Params, outputs: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let block = new Uint8Array(64 * 1024)
  let used = 0
  for await (const output of outputs) {
    if (used + output.length > block.length) {
      yield block.subarray(0, used)
      block = new Uint8Array(64 * 1024)
      used = 0
    }
    block.set(output, used)
    used += output.length
  }
  yield block.subarray(0, used)
}

const raw = {
  contentType: 'application/octet-stream',
  extension: 'bin',
  sizeBytes: ({ tasks }: Params) => tasks * 8,
  encode: joined,
}

export const counting: Kind<Params> = {
  id: 'counting',
  summary: 'Counts, one task at a time.',
  schema,
  title: ({ tasks }) => `Counting to ${tasks}`,
  split: ({ tasks }) => tasks,
  credit(_, __, output) {
    if (output.length !== 8) throw new MalformedOutput(`A count has 8 bytes, not ${output.length}.`)
    return 1
  },
  formats: { result: raw, raw },
  gallery: [{ name: 'A few', params: { tasks: 10, ms: 0 } }],
}

export const kinds = [counting]
