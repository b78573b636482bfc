import { createReadStream } from 'node:fs'
import { move, serve } from '../../coordinator/thread.ts'
import { importSeries } from './import.ts'
import { type SeriesRecord, seriesIn } from './series.ts'

// The thread for series: parsing, sorting and hashing millions of rows never stalls sockets.

export type SeriesAnswer =
  | { readonly type: 'kept'; readonly series: SeriesRecord; readonly created: boolean }
  | { readonly type: 'refused'; readonly sentence: string }
  /** The disk has no room for it. */
  | { readonly type: 'full' }

const methods = {
  /** Reads a body to its end; see import.ts for what it may hold. */
  async import(
    body: AsyncIterable<Uint8Array>,
    about: { readonly folder: string; readonly name: string; readonly zone: string | undefined },
  ): Promise<SeriesAnswer> {
    try {
      const read = await importSeries(body, about.zone)
      if (read.type === 'refused') return read
      return { type: 'kept', ...(await seriesIn(about.folder).put(read, about.name)) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return { type: 'full' }
      throw error
    }
  },
  /** A recording on the host, to be replayed. */
  async read(path: string) {
    const read = await importSeries(createReadStream(path) as AsyncIterable<Uint8Array>)
    return read.type === 'imported' ? move(read, [read.bytes.buffer]) : read
  },
}
export type SeriesMethods = typeof methods

serve(methods)
