import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Kind } from '../../jobs/define.ts'
import { counting } from './counting.ts'

// Counting whose result waits in the encoder for a file, and whose raw form ends the encoder's thread. `note` is the
// beginning of the files' names.

type Params = Parameters<typeof counting.title>[0]
const { raw } = counting.formats

const result: Kind<Params>['formats']['result'] = {
  ...raw,
  async *encode(params, outputs, tools) {
    appendFileSync(`${params.note}.begun`, '.')
    try {
      while (!existsSync(`${params.note}.open`)) await setTimeout(10)
      yield* raw.encode(params, outputs, tools, undefined)
    } finally {
      appendFileSync(`${params.note}.ended`, '.')
    }
  },
}

const gated: Kind<Params> = {
  ...counting,
  id: 'gated',
  formats: {
    result,
    /** The result, packed as pictures are. */
    groups: {
      contentType: 'application/zlib',
      extension: 'z',
      encode: (params, outputs, tools) => tools.deflate(result.encode(params, outputs, tools, undefined)),
    },
    raw: {
      ...raw,
      encode: () => process.exit(1),
    },
    csv: raw,
  },
}

export const kinds = [gated]
