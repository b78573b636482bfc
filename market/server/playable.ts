import { createReadStream } from 'node:fs'
import { importSeries } from './import.ts'

/** As much of a recorded log as shows whether it is one. */
const HEAD_BYTES = 1 << 20

/** Why a recording could never give a price, told at the start and not when somebody looks at the desk; null where it could. */
export async function whyUnplayable(path: string): Promise<string | null> {
  const read = await importSeries(createReadStream(path, { end: HEAD_BYTES - 1 }) as AsyncIterable<Uint8Array>)
  return read.type === 'refused' ? `${path} cannot be replayed. ${read.sentence}` : null
}
