import { createReadStream } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { receiveBody } from '../../coordinator/inputs/body-port.ts'
import { importSeries } from './import.ts'
import type { SeriesAnswers, SeriesRequest } from './messages.ts'
import { seriesIn } from './series.ts'

// The thread for series: parsing, sorting and hashing millions of rows never stalls sockets. Scripts/build-server.mjs
// makes it a bundle.

async function imported(request: Extract<SeriesRequest, { type: 'import' }>): Promise<SeriesAnswers['import']> {
  const { folder, name, zone, body } = request
  try {
    const read = await importSeries(receiveBody(body), zone)
    if (read.type === 'refused') return read
    return { type: 'kept', ...(await seriesIn(folder).put(read, name)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return { type: 'full' }
    throw error
  } finally {
    body.close()
  }
}

async function answer(request: SeriesRequest): Promise<readonly [value: unknown, move: ArrayBuffer[]]> {
  switch (request.type) {
    case 'import':
      return [await imported(request), []]
    case 'read': {
      const read = await importSeries(createReadStream(request.path) as AsyncIterable<Uint8Array>)
      return [read, read.type === 'imported' ? [read.bytes.buffer] : []]
    }
    default:
      throw new Error(`Unknown request ${request satisfies never}`)
  }
}

parentPort?.on('message', ({ id, request }: { id: number; request: SeriesRequest }) => {
  answer(request).then(
    ([value, move]) => parentPort?.postMessage({ id, value }, move),
    (error: Error) => parentPort?.postMessage({ id, error: error.message }),
  )
})
