import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createTranscoder, detectEncoding, ENCODING_SAMPLE_BYTES } from './encoding.ts'
import { unpackGzip } from './gzip.ts'
import type { IndexPass } from './indexes.ts'
import { type FileIndex, FileProblem, type FileRecord, type ImportProgress, type Kept } from './port.ts'
import { unpackZstd } from './zstd.ts'

// One pass over a body of any size in flat memory: hash, unpack, transcode, index, write.

export interface Limits {
  /** Of the body as sent and of the text kept. */
  readonly maxBytes: number
  /** Bytes that may still be written; asked again now and then, as others write too. */
  freeBytes(): Promise<number>
}

type Imported = Pick<FileRecord, 'bytes' | 'storedBytes' | 'sha256' | 'compression' | 'encoding' | 'replaced'>

/** How whoever imports reports, and hears that it is to stop. */
interface ImportControl {
  readonly signal: AbortSignal
  /** @param bytes read of the body so far */
  progress(bytes: number): void
}

/** A body that was to stay as it is holds bytes that are no text: it must be written anew after all. */
export class CannotStay extends Error {
  override name = 'CannotStay'
}

const WRITE_BYTES = 1 << 20
const SPACE_CHECK_BYTES = 64 << 20

/** Writes the text to a new file at `path`, unless it `stays` where it is. */
export async function importBody(
  body: AsyncIterable<Uint8Array>,
  path: string,
  pass: IndexPass,
  limits: Limits,
  /** It stands in a file that may be kept itself: where it is kept text already, nothing is written. */
  mayStay: boolean,
  control?: ImportControl,
): Promise<Imported & { readonly index: FileIndex; readonly stays: boolean }> {
  const hash = createHash('sha256')
  let bytes = 0
  let whole = false
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      if (control?.signal.aborted) throw stopped()
      bytes += chunk.length
      control?.progress(bytes)
      if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes)
      hash.update(chunk)
      yield chunk
    }
    whole = true
  }
  const packed = await peek(counted(), 4)
  const { compression, all } = unpack(packed.head, packed.all)
  const text = await peek(all, ENCODING_SAMPLE_BYTES)
  const { encoding, mark } = detectEncoding(text.head)
  const transcoder = createTranscoder(encoding)
  const stays = mayStay && compression === 'none' && encoding === 'utf-8' && mark === 0
  const writer = stays ? null : await createFileWriter(path, limits)
  try {
    const take = async (part: Uint8Array) => {
      if (stays && transcoder.replaced() > 0) throw new CannotStay()
      if (part.length === 0) return
      pass.push(part)
      await writer?.write(part)
    }
    let skip = mark
    for await (const chunk of text.all) {
      await take(transcoder.push(skip < chunk.length ? chunk.subarray(skip) : new Uint8Array()))
      skip = Math.max(0, skip - chunk.length)
    }
    await take(transcoder.end())
    if (!whole) throw new FileProblem('damaged', 'The compressed file goes on behind its end: it is not what it says.')
    // What stays is the body, byte for byte.
    const storedBytes = writer ? await writer.end() : bytes
    const sha256 = hash.digest('hex')
    const replaced = transcoder.replaced()
    return { bytes, storedBytes, sha256, compression, encoding, replaced, index: pass.end(), stays }
  } finally {
    await writer?.close()
  }
}

const GZIP = [0x1f, 0x8b]
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]

/** How a body is packed by its first bytes, as names and headers may say anything; and it unpacked. */
function unpack(head: Uint8Array, body: AsyncIterable<Uint8Array>) {
  const starts = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte)
  if (starts(GZIP)) return { compression: 'gzip', all: unpackGzip(body) } as const
  if (starts(ZSTD)) return { compression: 'zstd', all: unpackZstd(body) } as const
  return { compression: 'none', all: body } as const
}

/** The first `size` bytes, or all of fewer, and everything again from the start. */
async function peek(source: AsyncIterable<Uint8Array>, size: number) {
  const iterator = source[Symbol.asyncIterator]()
  const parts: Uint8Array[] = []
  let length = 0
  while (length < size) {
    const { value, done } = await iterator.next()
    if (done) break
    parts.push(value)
    length += value.length
  }
  const first = Buffer.concat(parts)
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield first
      for (;;) {
        const { value, done } = await iterator.next()
        if (done) return
        yield value
      }
    } finally {
      await iterator.return?.()
    }
  }
  return { head: first.subarray(0, size), all: all() }
}

/** Gathers small parts, so that a body in packets is not a write each. */
async function createFileWriter(path: string, limits: Limits) {
  const file = await open(path, 'wx', 0o600)
  let parts: Uint8Array[] = []
  let waiting = 0
  let written = 0
  let checkAt = 0
  async function flush(): Promise<void> {
    if (written >= checkAt) {
      if ((await limits.freeBytes()) < SPACE_CHECK_BYTES) throw noSpace()
      checkAt = written + SPACE_CHECK_BYTES / 2
    }
    const bytes = Buffer.concat(parts)
    parts = []
    waiting = 0
    try {
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noSpace(error) : error
    }
    written += bytes.length
  }
  return {
    async write(part: Uint8Array): Promise<void> {
      if (written + waiting + part.length > limits.maxBytes) throw tooLarge(limits.maxBytes)
      parts.push(part)
      waiting += part.length
      if (waiting >= WRITE_BYTES) await flush()
    },
    /** Durable; the number of bytes. */
    async end(): Promise<number> {
      await flush()
      await file.sync()
      return written
    },
    close: () => file.close(),
  }
}

export function tooLarge(maxBytes: number): FileProblem {
  const limit = maxBytes >= 1e9 ? `${(maxBytes / 1e9).toFixed(0)} GB` : `${maxBytes} bytes`
  return new FileProblem('too-large', `Files of this pool may have at most ${limit}, unpacked too. This one is larger.`)
}

export function stopped(): FileProblem {
  return new FileProblem('stopped', 'It was stopped before all of it was read. Nothing of it stays.')
}

export function noSpace(cause?: unknown): FileProblem {
  return new FileProblem(
    'no-space',
    'The disk of this pool is too full for this file. Free some space and send it again.',
    cause,
  )
}

/**
 * An import as a stream of its progress, which ends with what was kept. Leaving the stream stops the import and waits
 * until nothing of it stays.
 * @param bytes of the body
 */
export async function* importProgress(
  bytes: number,
  run: (control: ImportControl) => Promise<Kept>,
): AsyncGenerator<ImportProgress> {
  const stop = new AbortController()
  let importedBytes = 0
  let told = -1
  let ended = false
  let wake: () => void = () => {}
  const running = run({
    signal: stop.signal,
    progress(read) {
      importedBytes = read
      wake()
    },
  })
  const end = running
    .catch(() => {})
    .then(() => {
      ended = true
      wake()
    })
  try {
    while (!ended) {
      if (told !== importedBytes) {
        told = importedBytes
        yield { importedBytes, bytes }
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    yield { importedBytes, bytes, kept: await running }
  } finally {
    stop.abort()
    await end
  }
}
