import { randomBytes } from 'node:crypto'
import { ReadableStream } from 'node:stream/web'
import { FileStore } from '@tus/file-store'
import { Server, TUS_RESUMABLE } from '@tus/server'
import type { UploadView } from '../../protocol/api.ts'
import type { Log } from '../log.ts'
import type { RunningTime } from '../running-time.ts'
import { stopped } from './import.ts'
import { FileProblem, type Files, type ImportProgress, type Kept } from './port.ts'
import { openUploadRecords, UPLOAD_KEPT_MS, type UploadOutcome, type UploadRecord } from './upload-records.ts'

// Files sent in pieces that may be interrupted by anything, by the tus protocol (https://tus.io, 1.0.0). They are received,
// then taken into the file store, then kept or refused. A complete one is taken in as soon as anybody looks at it: by its
// last piece, after a restart, by whoever asks.

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
const MAX_NAME_LENGTH = 200
const FAULT =
  'Something went wrong while this file was read; the log of the pool says what. Its next start tries again.'

/** An upload that is taken in, or was in this run. */
interface Import {
  bytes: number
  readonly stop: AbortController
  ended: Promise<void>
  outcome?: UploadOutcome
}

/** A file that was never sent in pieces, while it is imported. */
interface DirectImport {
  readonly state: UploadView
  readonly stop: AbortController
}

export type Uploads = Awaited<ReturnType<typeof openUploads>>

/** @param folder belongs to uploads alone; on the same disk as the files */
export async function openUploads(parts: {
  folder: string
  files: Pick<Files, 'take' | 'room' | 'get'>
  running: Pick<RunningTime, 'ms'>
  log: Pick<Log, 'error'>
}) {
  const { folder, files, running: runningTime, log } = parts
  const records = await openUploadRecords(folder, runningTime)
  const imports = new Map<string, Import>()
  const direct = new Map<string, DirectImport>()
  let closed = false

  function begin(record: UploadRecord): Import {
    const { id, metadata } = record
    const running: Import = { bytes: 0, stop: new AbortController(), ended: Promise.resolve() }
    const ended = async (outcome: UploadOutcome) => {
      await records.set({ ...record, outcome })
      // It has ended, whatever becomes of its pieces.
      await records.removeBytes(id).finally(() => {
        running.outcome = outcome
      })
    }
    running.ended = follow(files.take(records.place(id), nameOf(metadata)), running.stop.signal, (importedBytes) => {
      running.bytes = importedBytes
    })
      .then(({ file }) => ended({ type: 'kept', file: file.id }))
      .catch((error: unknown) => {
        if (closed || running.stop.signal.aborted) return
        if (error instanceof FileProblem) return ended({ type: 'refused', reason: error.reason, words: error.message })
        // Its bytes stay: the next start may fare better.
        running.outcome = { type: 'refused', reason: 'fault', words: FAULT }
        log.error({ err: error, upload: id }, 'an upload could not be read')
      })
    imports.set(id, running)
    return running
  }

  /** What has become of an upload by now; begins to take it in where that is still to be done. */
  async function stateOf(record: UploadRecord): Promise<UploadView | undefined> {
    const { id, bytes, metadata, createdAt } = record
    const modified = metadata['modified'] ?? null
    const expiresAt = new Date(Date.now() + UPLOAD_KEPT_MS - records.ageMs(record)).toISOString()
    const about = { id, name: nameOf(metadata), bytes, modified, createdAt, expiresAt }
    const received = await records.received(id)
    const running = imports.get(id)
    // How it ended is told once its pieces are gone.
    const outcome = running ? running.outcome : record.outcome
    if (outcome?.type === 'refused') return { ...about, state: 'refused', problem: outcome.words }
    if (outcome?.type === 'kept')
      return (await files.get(outcome.file)) && { ...about, state: 'kept', file: outcome.file }
    if (running) return { ...about, state: 'importing', importedBytes: running.bytes }
    if (received === null) return undefined
    if (received < bytes) return { ...about, state: 'receiving', receivedBytes: received }
    return { ...about, state: 'importing', importedBytes: begin(record).bytes }
  }

  async function get(id: string): Promise<UploadView | undefined> {
    const other = direct.get(id)
    if (other) return other.state
    const record = await records.get(id)
    return record && stateOf(record)
  }

  async function list(): Promise<readonly UploadView[]> {
    const states = await Promise.all((await records.list()).map(stateOf))
    return [...states, ...[...direct.values()].map(({ state }) => state)]
      .filter((state) => state !== undefined)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  }

  /** Nothing of it stays, except the file it may have become. */
  async function forget(id: string): Promise<void> {
    direct.get(id)?.stop.abort()
    const running = imports.get(id)
    running?.stop.abort()
    await running?.ended
    await records.remove(id)
    imports.delete(id)
  }

  /** Forgets what is older than uploads are kept, and what has lost its bytes. */
  async function sweep(): Promise<void> {
    for (const record of await records.list()) {
      const state = await stateOf(record)
      const old = records.ageMs(record) > UPLOAD_KEPT_MS
      if (!state || (old && state.state !== 'importing')) await forget(record.id)
    }
  }

  /** Bytes that the other uploads were promised room for. */
  async function promised(except: string | null): Promise<number> {
    let bytes = 0
    for (const one of await list())
      if (one.state === 'receiving' && one.id !== except) bytes += one.bytes - one.receivedBytes
    return bytes
  }

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

  await sweep()
  const sweeping = setInterval(() => {
    sweep().catch((error: unknown) => log.error({ err: error }, 'old uploads could not be removed'))
  }, HOUR_MS).unref()

  return {
    get,
    /** Newest first; those that ended too, until they are forgotten. */
    list,
    /** Shows an import of another kind among the uploads, where it can be stopped as they can. */
    async show(name: string, steps: AsyncIterable<ImportProgress>): Promise<Kept> {
      const id = randomBytes(16).toString('hex')
      const stop = new AbortController()
      const createdAt = new Date().toISOString()
      const about = { id, name, modified: null, createdAt, expiresAt: createdAt, state: 'importing' } as const
      try {
        return await follow(steps, stop.signal, (importedBytes, bytes) => {
          direct.set(id, { state: { ...about, bytes, importedBytes }, stop })
        })
      } finally {
        direct.delete(id)
      }
    },
    /** Answers one request of the protocol. Rejects with {@link FileProblem} where there is no room. */
    async speak({ method, id, headers, body }: TusRequest): Promise<TusAnswer> {
      if (id !== null) {
        const upload = await get(id)
        if (!upload || method === 'DELETE') await forget(id)
        if (method === 'DELETE') return { status: upload ? 204 : 404, headers: VERSION }
        // What was sent whole is not sent again, whatever became of it.
        if (upload && upload.state !== 'receiving') return complete(method, upload.bytes)
      }
      const coming = Number(headers[id === null ? 'upload-length' : 'content-length'] ?? 0)
      if (coming > 0) await files.room(coming, await promised(id))
      let full: unknown
      async function* whileRoom(): AsyncGenerator<Uint8Array> {
        let unchecked = 0
        for await (const chunk of body) {
          unchecked += chunk.length
          if (unchecked >= SPACE_CHECK_BYTES) {
            unchecked = 0
            await files.room(0).catch((problem: unknown) => {
              full = problem
              throw problem
            })
          }
          yield chunk
        }
      }
      const answer = await server.handleWeb(webRequest(`${PATH}/${id ?? ''}`, method, headers, whileRoom()))
      if (full !== undefined) throw full
      if (answer.status >= 500) await files.room(0)
      const upload = id ?? answer.headers.get('location')?.split('/').at(-1)
      if (upload !== undefined) await get(upload)
      return { status: answer.status, headers: Object.fromEntries(answer.headers) }
    },
    async close(): Promise<void> {
      clearInterval(sweeping)
      closed = true
      for (const { stop } of imports.values()) stop.abort()
      await Promise.all([...imports.values()].map(({ ended }) => ended))
    },
  }
}

/** Reads an import to its end; an abort leaves it, and rejects with a {@link FileProblem} `stopped`. */
async function follow(
  steps: AsyncIterable<ImportProgress>,
  signal: AbortSignal,
  progress: (importedBytes: number, bytes: number) => void,
): Promise<Kept> {
  for await (const { importedBytes, bytes, kept } of steps) {
    if (kept) return kept
    if (signal.aborted) break
    progress(importedBytes, bytes)
  }
  throw stopped()
}

/** For people; trimmed, as whoever sends it may say anything. */
function nameOf(metadata: UploadRecord['metadata'] | undefined): string {
  return metadata?.['filename']?.trim().slice(0, MAX_NAME_LENGTH) || 'unnamed'
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
