import { MessageChannel } from 'node:worker_threads'
import { openThread } from '../../coordinator/ask-thread.ts'
import { sendBody } from '../../coordinator/inputs/body-port.ts'
import type { Imported } from './import.ts'
import type { SeriesAnswers, SeriesRequest } from './messages.ts'
import { openSeries, type SeriesStore } from './series.ts'

export interface OpenSeries extends SeriesStore {
  /** Reads a body to its end; see import.ts for what it may hold. Rejects with what the body itself rejects with. */
  import(
    body: AsyncIterable<Uint8Array>,
    about: { readonly name: string; readonly zone: string | undefined },
  ): Promise<SeriesAnswers['import']>
  /** A recording on the host. */
  recording(path: string): Promise<Imported>
  close(): Promise<void>
}

/** Series of a folder: whatever reads a whole one runs in a thread of its own. */
export async function openSeriesApart(folder: string): Promise<OpenSeries> {
  const series = await openSeries(folder)
  const thread = openThread<SeriesRequest, SeriesAnswers>('prices-worker.mjs', 'prices')
  // Sorting and checking a large one fills a core and 250 MB: one at a time.
  let before: Promise<unknown> = Promise.resolve()

  async function imported(...[body, { name, zone }]: Parameters<OpenSeries['import']>) {
    const { port1, port2 } = new MessageChannel()
    let lost: { readonly because: unknown } | undefined
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        yield* body
      } catch (because) {
        lost = { because }
        throw because
      }
    }
    const sending = sendBody(watched(), port1)
    try {
      return await thread.ask({ type: 'import', folder, name, zone, body: port2 }, [port2])
    } catch (error) {
      throw lost ? lost.because : error
    } finally {
      port1.close()
      // The rest of the body is its owner's again.
      await sending
      // A thread that read a large one would hold on to its memory.
      if (thread.waiting === 0) await thread.close()
    }
  }

  return {
    ...series,
    import(body, about) {
      const mine = before.then(() => imported(body, about))
      before = mine.catch(() => {})
      return mine
    },
    recording: (path) => thread.ask({ type: 'read', path }),
    close: () => thread.close(),
  }
}
