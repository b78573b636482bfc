import { ReadableStream } from 'node:stream/web'
import { FileStore } from '@tus/file-store'
import { Server, TUS_RESUMABLE } from '@tus/server'
import type { Log } from '../log.ts'
import type { RunningTime } from '../running-time.ts'
import type { Files, ImportProgress, Kept } from './port.ts'
import { openUploadRecords, UPLOAD_KEPT_MS } from './upload-records.ts'
import { createUploadStates, nameOf, type UploadState } from './upload-states.ts'

// Files sent in pieces that may be interrupted by anything, by the tus protocol (https://tus.io, 1.0.0). What has arrived
// outlives this process.

export interface Uploads {
  /** Answers one request of the protocol. Rejects with {@link FileProblem} where there is no room. */
  speak(request: TusRequest): Promise<TusAnswer>
  /** Newest first; those that ended too, until they are forgotten. */
  list(): Promise<readonly UploadState[]>
  get(id: string): Promise<UploadState | undefined>
  /** Shows an import of another kind among the uploads, where it can be stopped as they can. */
  show(name: string, steps: AsyncIterable<ImportProgress>): Promise<Kept>
  close(): Promise<void>
}

export interface TusRequest {
  readonly method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE'
  /** Null for a new one. */
  readonly id: string | null
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
}

export interface TusAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** Where the protocol is spoken. */
const PATH = '/api/v1/uploads'
const HOUR_MS = 3_600_000
const SPACE_CHECK_BYTES = 64 << 20

export async function openUploads(parts: {
  /** Belongs to uploads alone; on the same disk as the files. */
  folder: string
  files: Pick<Files, 'take' | 'room' | 'get'>
  running: Pick<RunningTime, 'ms'>
  log: Pick<Log, 'error'>
}): Promise<Uploads> {
  const { folder, files, running, log } = parts
  const records = await openUploadRecords(folder, running)
  const states = createUploadStates({ records, files, running, log })
  const store = new FileStore({
    directory: folder,
    configstore: records.configstore,
    expirationPeriodInMilliseconds: UPLOAD_KEPT_MS,
  })
  store.extensions = ['creation', 'creation-with-upload', 'expiration', 'termination']
  const server = new Server({
    path: PATH,
    datastore: store,
    relativeLocation: true,
    allowedOrigins: [],
    onUploadCreate: async (_, { metadata }) => ({ metadata: { ...metadata, filename: nameOf(metadata) } }),
  })

  await states.sweep()
  const sweeping = setInterval(() => {
    states.sweep().catch((error: unknown) => log.error({ err: error }, 'old uploads could not be removed'))
  }, HOUR_MS).unref()

  /** Bytes that the other uploads were promised room for. */
  async function promised(except: string | null): Promise<number> {
    let bytes = 0
    for (const one of await states.list())
      if (one.state === 'receiving' && one.id !== except) bytes += one.bytes - one.receivedBytes
    return bytes
  }

  /** A body as long as there is room; why it ended, where that was the reason. */
  function whileRoom(body: AsyncIterable<Uint8Array>) {
    const seen: { problem?: unknown } = {}
    async function* bounded(): AsyncGenerator<Uint8Array> {
      let unchecked = 0
      for await (const chunk of body) {
        unchecked += chunk.length
        if (unchecked >= SPACE_CHECK_BYTES) {
          unchecked = 0
          await files.room(0).catch((problem: unknown) => {
            seen.problem = problem
            throw problem
          })
        }
        yield chunk
      }
    }
    return { seen, body: bounded() }
  }

  return {
    get: states.get,
    list: states.list,
    show: states.show,
    async speak({ method, id, headers, body }) {
      if (id !== null) {
        const upload = await states.get(id)
        if (!upload || method === 'DELETE') await states.forget(id)
        if (method === 'DELETE') return { status: upload ? 204 : 404, headers: VERSION }
        // What was sent whole is not sent again, whatever became of it.
        if (upload && upload.state !== 'receiving') return complete(method, upload.bytes)
      }
      const coming = Number(headers[id === null ? 'upload-length' : 'content-length'] ?? 0)
      if (coming > 0) await files.room(coming, await promised(id))
      const { seen, body: bounded } = whileRoom(body)
      const answer = await server.handleWeb(webRequest(`${PATH}/${id ?? ''}`, method, headers, bounded))
      if (seen.problem !== undefined) throw seen.problem
      if (answer.status >= 500) await files.room(0)
      const upload = id ?? answer.headers.get('location')?.split('/').at(-1)
      if (upload !== undefined) await states.get(upload)
      return { status: answer.status, headers: Object.fromEntries(answer.headers) }
    },
    async close() {
      clearInterval(sweeping)
      await states.close()
    },
  }
}

const VERSION = { 'tus-resumable': TUS_RESUMABLE, 'cache-control': 'no-store' }

/** The answer about an upload of which nothing is missing. */
function complete(method: TusRequest['method'], bytes: number): TusAnswer {
  if (method === 'PATCH') return { status: 409, headers: VERSION }
  return { status: 200, headers: { ...VERSION, 'upload-offset': `${bytes}`, 'upload-length': `${bytes}` } }
}

const HEARD = /^(tus-|upload-|content-(type|length)$)/

function webRequest(
  path: string,
  method: TusRequest['method'],
  headers: TusRequest['headers'],
  body: TusRequest['body'],
) {
  const heard = Object.entries(headers).filter(([name]) => HEARD.test(name))
  const sends = method === 'POST' || method === 'PATCH'
  return new Request(`http://pool${path}`, {
    method,
    headers: heard.map(([name, value]) => [name, String(value)] as [string, string]),
    ...(sends ? { body: ReadableStream.from(body) as never, duplex: 'half' } : {}),
  })
}
