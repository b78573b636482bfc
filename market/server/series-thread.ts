import { openThread } from '../../coordinator/thread.ts'
import type { Imported } from './import.ts'
import { openSeries, type SeriesStore } from './series.ts'
import type { SeriesAnswer, SeriesMethods } from './worker.ts'

export interface OpenSeries extends SeriesStore {
  /** Reads a body to its end; see import.ts for what it may hold. Rejects with what the body itself rejects with. */
  import(
    body: AsyncIterable<Uint8Array>,
    about: { readonly name: string; readonly zone: string | undefined },
  ): Promise<SeriesAnswer>
  /** A recording on the host. */
  recording(path: string): Promise<Imported>
  close(): Promise<void>
}

/** Series of a folder: whatever reads a whole one runs in a thread of its own. */
export async function openSeriesStore(folder: string): Promise<OpenSeries> {
  const series = await openSeries(folder)
  const thread = openThread<SeriesMethods>('prices-worker.mjs', { name: 'prices' })
  // Sorting and checking a large one fills a core and 250 MB: one at a time.
  let before: Promise<unknown> = Promise.resolve()
  return {
    ...series,
    import(body, about) {
      const mine = before.then(async () => {
        try {
          return await thread.call.import(body, { ...about, folder })
        } finally {
          // A thread that read a large one would hold on to its memory.
          if (thread.waiting === 0) await thread.close()
        }
      })
      before = mine.catch(() => {})
      return mine
    },
    recording: (path) => thread.call.read(path),
    close: () => thread.close(),
  }
}
