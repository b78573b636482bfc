import type { FileView } from '../../protocol/api.ts'

/** Stored inputs, as far as jobs that read them are concerned. */
export interface InputSource {
  /** What is kept under this id: how much, and the hash that names its content. */
  find(id: string): Promise<{ readonly bytes: number; readonly sha256: string } | undefined>
  /** Where on this disk it stands, there or not. */
  path(id: string): string
  /** Bytes from `start` to before `end`. */
  read(id: string, start: number, end: number): AsyncIterable<Uint8Array>
}

/**
 * What the coordinator asks of whatever keeps uploaded files. Files are named by their content: the same bytes sent twice
 * are one file. What is kept is text in UTF-8, ready to be cut into tasks; the bytes as sent are only hashed.
 */
export interface Files extends InputSource {
  /**
   * Reads a body to its end, unpacks and transcodes it, indexes it and keeps it; durable when it resolves. Rejects with
   * {@link FileProblem} and leaves nothing behind.
   */
  put(body: AsyncIterable<Uint8Array>, about: { readonly name: string; readonly bytes?: number }): Promise<Kept>
  /**
   * The same for a body that lies complete in a file of this pool, which is used as it is wherever it can be: written once,
   * read once. Whoever calls removes that file afterwards, if it is still there. Leaving the stream stops the import.
   */
  take(path: string, name: string): AsyncIterable<ImportProgress>
  /** Rejects where no file of so many bytes can be taken, with `besides` bytes still to come for others. */
  room(bytes: number, besides?: number): Promise<void>
  /** Keeps a file on the host, which must lie under the folder that the pool may read. Leaving the stream stops it. */
  adopt(path: string): AsyncIterable<ImportProgress>
  /** That folder and the names of files right in it; null: none is allowed. */
  hostFolder(): Promise<{ readonly path: string; readonly files: readonly string[] } | null>
  /** Newest first. */
  list(): Promise<readonly FileRecord[]>
  get(id: string): Promise<FileRecord | undefined>
  /** Stored bytes from `start` to before `end` (default: all). Throws {@link FileProblem} when the file is gone. */
  read(id: string, start?: number, end?: number): AsyncIterable<Uint8Array>
  /**
   * What a kind knows of a file under these params: kept beside it, made by one pass when it is asked for first.
   * @param kind default: the one that indexes files as they arrive
   */
  index(id: string, params: unknown, kind?: string): Promise<FileIndex>
  /**
   * The index without a pass: as it was made before, else as the beginning of the file gives it. Small files are passed
   * over at once.
   */
  peek(id: string, params: unknown, kind: string): Promise<Peek>
  /** The beginning of a file as its kind shows it under these params; makes no pass over a large one. */
  preview(id: string, params: unknown, kind: string): Promise<Preview>
  /** False when there was no such file. */
  delete(id: string): Promise<boolean>
}

/** How far an import is. */
export interface ImportProgress {
  /** Of the body, read so far. */
  readonly importedBytes: number
  /** Of the whole body. */
  readonly bytes: number
  /** With the last progress: the file is here. */
  readonly kept?: Kept
}

export type FileRecord = Omit<FileView, 'usedBy'>
export type Encoding = FileView['encoding']

export interface Kept {
  readonly file: FileRecord
  /** False when the content was here already. */
  readonly created: boolean
}

/** Plain JSON; the pool only shows the number of rows, the rest is the kind's. */
export interface FileIndex {
  readonly rows: number
}

export interface Peek {
  readonly index: FileIndex
  /** False: it is of the beginning alone. */
  readonly whole: boolean
}

export interface Preview {
  /** In the kind's own shape. */
  readonly preview: unknown
  readonly whole: boolean
}

/** What became of a file that could not be taken or read, and the status that says so over HTTP. */
const STATUS = {
  'too-large': 413,
  'no-space': 507,
  'not-text': 422,
  damaged: 422,
  unsupported: 415,
  unknown: 404,
  forbidden: 403,
  stopped: 409,
  fault: 503,
} as const
export type FileProblemReason = keyof typeof STATUS

/** Why a file could not be taken or read. `message` is a sentence for people. */
export class FileProblem extends Error {
  override name = 'FileProblem'
  readonly reason: FileProblemReason
  readonly status: number
  constructor(reason: FileProblemReason, message: string, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
    this.status = STATUS[reason]
  }
}
