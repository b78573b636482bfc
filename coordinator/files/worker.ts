import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { AnyKind } from '../../jobs/define.ts'
import { receiveBody } from './body-port.ts'
import { indexesOf } from './indexer.ts'
import type { FilesAnswer, FilesPlace, FilesRequest } from './messages.ts'
import { FileProblem } from './port.ts'
import { openFiles } from './store.ts'

// The thread for files: hashing, unpacking and indexing gigabytes never stalls sockets. Scripts/build-server.mjs makes it
// a bundle.

const { kindsScript, ...place } = workerData as FilesPlace
const { kinds } = (await import(pathToFileURL(kindsScript).href)) as { kinds: readonly AnyKind[] }
const files = await openFiles({ ...place, indexes: indexesOf(kinds), first: false })

async function answerTo(request: FilesRequest): Promise<unknown> {
  switch (request.type) {
    case 'put': {
      const { name, bytes, body } = request
      try {
        return await files.put(receiveBody(body), { name, ...(bytes === undefined ? {} : { bytes }) })
      } finally {
        body.close()
      }
    }
    case 'adopt':
      return files.adopt(request.path)
    case 'index':
      return files.index(request.id, request.params, request.kind)
    default:
      throw new Error(`Unknown request ${request satisfies never}`)
  }
}

parentPort?.on('message', ({ id, request }: { id: number; request: FilesRequest }) => {
  const say = (answer: FilesAnswer) => parentPort?.postMessage({ id, answer })
  answerTo(request).then(
    (value) => say({ type: 'value', value }),
    (error: Error) =>
      error instanceof FileProblem
        ? say({ type: 'problem', reason: error.reason, message: error.message })
        : say({ type: 'error', message: error.message }),
  )
})
