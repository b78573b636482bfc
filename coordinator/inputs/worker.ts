import { pathToFileURL } from 'node:url'
import { workerData } from 'node:worker_threads'
import type { AnyKind } from '../../jobs/define.ts'
import { serve } from '../thread.ts'
import { indexesOf } from './indexes.ts'
import { openFiles } from './store.ts'

// The thread for files: hashing, unpacking and indexing gigabytes never stalls sockets. Scripts/build-server.mjs makes it
// a bundle.

const { kindsScript, folder, maxBytes, hostFolder } = workerData
const { kinds } = (await import(pathToFileURL(kindsScript).href)) as { kinds: readonly AnyKind[] }
const files = await openFiles({ folder, maxBytes, hostFolder, indexes: indexesOf(kinds), first: false })

const methods = {
  put: files.put,
  take: files.take,
  adopt: files.adopt,
  index: files.index,
  peek: files.peek,
  preview: files.preview,
}
export type FileMethods = typeof methods

serve(methods)
