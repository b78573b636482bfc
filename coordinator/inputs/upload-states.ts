import { randomBytes } from 'node:crypto'
import type { Log } from '../log.ts'
import type { RunningTime } from '../running-time.ts'
import { FileProblem, type FileProblemReason, type Files, type ImportProgress, type Kept } from './port.ts'
import { UPLOAD_KEPT_MS, type UploadOutcome, type UploadRecord, type UploadRecords } from './upload-records.ts'

// What becomes of uploads: they are received, then taken into the file store, then kept or refused. A complete one is taken
// in as soon as anybody looks at it: by its last piece, after a restart, by whoever asks.

export type UploadState = {
  readonly id: string
  readonly name: string
  readonly bytes: number
  /** What the sender says of its file's last change; tells two files of one name apart. */
  readonly modified: string | null
  /** ISO 8601 UTC, as is the next. */
  readonly createdAt: string
  /** When it is forgotten, if the pool runs until then without a pause. */
  readonly expiresAt: string
} & (
  | { readonly state: 'receiving'; readonly receivedBytes: number }
  | { readonly state: 'importing'; readonly importedBytes: number }
  | { readonly state: 'kept'; readonly file: string }
  | { readonly state: 'refused'; readonly reason: FileProblemReason; readonly words: string }
)

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
  readonly state: UploadState & { state: 'importing' }
  readonly stop: AbortController
}

export function createUploadStates(parts: {
  records: UploadRecords
  files: Pick<Files, 'take' | 'get'>
  running: Pick<RunningTime, 'ms'>
  log: Pick<Log, 'error'>
}) {
  const { records, files, running: runningTime, log } = parts
  const ageMs = ({ begunMs }: UploadRecord) => runningTime.ms() - begunMs
  const imports = new Map<string, Import>()
  const direct = new Map<string, DirectImport>()
  let closed = false

  function begin(record: UploadRecord): Import {
    const { id, metadata } = record
    const running: Import = { bytes: 0, stop: new AbortController(), ended: Promise.resolve() }
    const ended = async (outcome: UploadOutcome) => {
      await records.set({ ...record, outcome })
      running.outcome = outcome
      await records.removeBytes(id)
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
  async function stateOf(record: UploadRecord): Promise<UploadState | undefined> {
    const { id, bytes, metadata, createdAt } = record
    const about = {
      ...{ id, name: nameOf(metadata), bytes, modified: metadata['modified'] ?? null, createdAt },
      expiresAt: new Date(Date.now() + UPLOAD_KEPT_MS - ageMs(record)).toISOString(),
    }
    const received = await records.received(id)
    const running = imports.get(id)
    const outcome = running?.outcome ?? record.outcome
    if (outcome?.type === 'refused') return { ...about, ...outcome, state: 'refused' }
    if (outcome?.type === 'kept')
      return (await files.get(outcome.file)) && { ...about, state: 'kept', file: outcome.file }
    if (running) return { ...about, state: 'importing', importedBytes: running.bytes }
    if (received === null) return undefined
    if (received < bytes) return { ...about, state: 'receiving', receivedBytes: received }
    return { ...about, state: 'importing', importedBytes: begin(record).bytes }
  }
  async function get(id: string): Promise<UploadState | undefined> {
    const other = direct.get(id)
    if (other) return other.state
    const record = await records.get(id)
    return record && stateOf(record)
  }
  async function list(): Promise<readonly UploadState[]> {
    const states = await Promise.all((await records.list()).map(stateOf))
    return [...states, ...[...direct.values()].map(({ state }) => state)]
      .filter((state) => state !== undefined)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  }

  /** Shows an import of another kind among the uploads, where it can be stopped as they can. */
  async function show(name: string, steps: AsyncIterable<ImportProgress>): Promise<Kept> {
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
  }

  async function forget(id: string): Promise<void> {
    direct.get(id)?.stop.abort()
    const running = imports.get(id)
    running?.stop.abort()
    await running?.ended
    await records.remove(id)
    imports.delete(id)
  }

  return {
    get,
    list,
    show,
    /** Nothing of it stays, except the file it may have become. */
    forget,
    /** Forgets what is older than uploads are kept, and what has lost its bytes. */
    async sweep(): Promise<void> {
      for (const record of await records.list()) {
        const state = await stateOf(record)
        const old = ageMs(record) > UPLOAD_KEPT_MS
        if (!state || (old && state.state !== 'importing')) await forget(record.id)
      }
    },
    async close(): Promise<void> {
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
  throw new FileProblem('stopped', 'It was stopped before all of it was read. Nothing of it stays.')
}

/** For people; trimmed, as whoever sends it may say anything. */
export const nameOf = (metadata: UploadRecord['metadata'] | undefined): string =>
  metadata?.['filename']?.trim().slice(0, MAX_NAME_LENGTH) || 'unnamed'
