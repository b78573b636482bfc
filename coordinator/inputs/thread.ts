import type { AnyKind } from '../../jobs/define.ts'
import { openThread } from '../thread.ts'
import { indexesOf } from './indexes.ts'
import { FileProblem, type Files } from './port.ts'
import { type FilesOptions, openFiles } from './store.ts'
import type { FileMethods } from './worker.ts'

/** What the thread for files is started with. */
interface FilesThreadData extends Omit<FilesOptions, 'indexes' | 'first'> {
  /** Path of the script that exports `kinds`. */
  readonly kindsScript: string
}

/** Files of a folder: whatever reads a whole one runs in a thread of its own, started when it is needed first. */
export async function openFilesInThread(
  data: FilesThreadData,
  kinds: readonly AnyKind[],
): Promise<Files & { close(): Promise<void> }> {
  const { folder, maxBytes, hostFolder } = data
  const files = await openFiles({ folder, maxBytes, hostFolder, indexes: indexesOf(kinds), first: true })
  const thread = openThread<FileMethods>('files-worker.mjs', {
    name: 'files',
    workerData: data,
    errors: [FileProblem],
  })
  return {
    ...files,
    async put(body, about) {
      let release: () => void = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      try {
        return await thread.call.put(sent(body, release), about)
      } finally {
        // Whoever owns the body may read the rest of it only after the thread has left it.
        await released
      }
    },
    async *take(path, name) {
      yield* await thread.call.take(path, name)
    },
    async *adopt(path) {
      yield* await thread.call.adopt(path)
    },
    index: thread.call.index,
    peek: thread.call.peek,
    preview: thread.call.preview,
    close: thread.close,
  }
}

/** A body on its way; one that breaks off is a damaged file. */
async function* sent(body: AsyncIterable<Uint8Array>, release: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (cause) {
    throw new FileProblem('damaged', 'The upload broke off before its end. Send the file again.', cause)
  } finally {
    release()
  }
}
