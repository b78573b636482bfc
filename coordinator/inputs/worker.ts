import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { AnyKind } from '../../jobs/define.ts'
import { receiveBody } from './body-port.ts'
import { indexesOf } from './indexer.ts'
import type { FilesAnswer, FilesPlace, FilesRequest, FilesStop } from './messages.ts'
import { type Attending, FileProblem } from './port.ts'
import { openFiles } from './store.ts'

// The thread for files: hashing, unpacking and indexing gigabytes never stalls sockets. Scripts/build-server.mjs makes it
// a bundle.

const { kindsScript, ...place } = workerData as FilesPlace
const { kinds } = (await import(pathToFileURL(kindsScript).href)) as { kinds: readonly AnyKind[] }
const files = await openFiles({ ...place, indexes: indexesOf(kinds), first: false })

/** What may be stopped, by its id. */
const stoppable = new Map<number, AbortController>()
/** Between two words on how far something is. */
const PROGRESS_BYTES = 16 << 20

async function answerTo(id: number, request: FilesRequest): Promise<unknown> {
  switch (request.type) {
    case 'put': {
      const { name, bytes, body } = request
      try {
        return await files.put(receiveBody(body), { name, ...(bytes === undefined ? {} : { bytes }) })
      } finally {
        body.close()
      }
    }
    case 'take':
      return attended(id, (attending) => files.take(request.path, request.name, attending))
    case 'adopt':
      return attended(id, (attending) => files.adopt(request.path, attending))
    case 'index':
      return files.index(request.id, request.params, request.kind)
    case 'glance':
      return files.glance(request.id, request.params, request.kind)
    case 'preview':
      return files.preview(request.id, request.params, request.kind)
    default:
      throw new Error(`Unknown request ${request satisfies never}`)
  }
}

async function attended<Value>(id: number, run: (attending: Attending) => Promise<Value>): Promise<Value> {
  const controller = new AbortController()
  stoppable.set(id, controller)
  let told = -PROGRESS_BYTES
  const progress = (bytes: number, of: number) => {
    // A file read a second time begins again.
    if (bytes >= told && bytes < told + PROGRESS_BYTES) return
    told = bytes
    say(id, { type: 'progress', bytes, of })
  }
  try {
    return await run({ signal: controller.signal, progress })
  } finally {
    stoppable.delete(id)
  }
}

const say = (id: number, answer: FilesAnswer) => parentPort?.postMessage({ id, answer })

parentPort?.on('message', ({ id, request }: { id: number; request: FilesRequest | FilesStop }) => {
  if (request.type === 'stop') return stoppable.get(id)?.abort()
  answerTo(id, request).then(
    (value) => say(id, { type: 'value', value }),
    (error: Error) =>
      error instanceof FileProblem
        ? say(id, { type: 'problem', reason: error.reason, message: error.message })
        : say(id, { type: 'error', message: error.message }),
  )
})
