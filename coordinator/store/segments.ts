import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobId } from '../../protocol/ids.ts'
import { syncFolder } from '../disk.ts'
import { move } from '../thread.ts'
import type { Chunk } from './core.ts'
import { OutputsMissing, StoreError } from './port.ts'
import type { Place, Span } from './runs.ts'

/** Files kept open between commits; a pool seldom works on more jobs at once. */
const OPEN_FILES = 32
const PIECE_BYTES = 1024 * 1024
/** How the names of segments end that were written anew. */
const REWRITTEN = /\.\d+$/

export interface Append {
  readonly job: JobId
  readonly segment: number
  /** End of what the database knows of. */
  readonly offset: number
  readonly pieces: readonly Uint8Array[]
}

/** A piece of a file. */
export interface Extent {
  readonly offset: number
  readonly size: number
}

/** Pieces that lie behind each other become one. */
export function addExtent(extents: { offset: number; size: number }[], offset: number, size: number): void {
  const last = extents.at(-1)
  if (last !== undefined && last.offset + last.size === offset) last.size += size
  else if (size > 0) extents.push({ offset, size })
}

export type Segments = Awaited<ReturnType<typeof openSegments>>

export function outputsFolder(dataDir: string): string {
  return join(dataDir, 'outputs')
}

/**
 * Outputs on disk: one file per job, only ever appended to. What the database does not speak of does not exist. A file that
 * holds too much that nobody needs is written anew, as the job's next segment.
 */
export async function openSegments(dataDir: string) {
  const folder = outputsFolder(dataDir)
  await mkdir(folder, { recursive: true })
  await syncFolder(dataDir)
  const files = new Map<JobId, FileHandle>()
  const pathOf = (job: JobId, segment: number) => join(folder, segmentName(job, segment))

  async function fileOf({ job, segment, offset }: Append): Promise<FileHandle> {
    const known = files.get(job)
    if (known !== undefined) return known
    await (await open(pathOf(job, segment), 'a')).close()
    const file = await open(pathOf(job, segment), 'r+')
    files.set(job, file)
    // Beyond the offset lies what a crash left of a commit that never happened.
    await file.truncate(offset)
    if (offset === 0) await syncFolder(folder)
    return file
  }

  async function write(append: Append): Promise<void> {
    const file = await fileOf(append)
    let at = append.offset
    for (const piece of append.pieces) at = await writeAt(file, piece, at)
    await file.datasync()
  }

  async function namesOf(job: JobId): Promise<string[]> {
    const all = await readdir(folder)
    return all.filter((name) => name === job || (name.startsWith(`${job}.`) && REWRITTEN.test(name)))
  }

  return {
    /** Resolves when a power cut could not undo it. */
    async append(appends: readonly Append[]): Promise<void> {
      const outcomes = await Promise.allSettled(appends.map(write))
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      // The first of a map is what was opened longest ago.
      for (const [job, file] of files) {
        if (files.size <= OPEN_FILES) break
        files.delete(job)
        await file.close()
      }
    },
    openForReading: (job: JobId, segment: number) => open(pathOf(job, segment), 'r'),
    /** Zero where there is none. */
    async sizeBytes(job: JobId, segment: number): Promise<number> {
      const found = await stat(pathOf(job, segment)).catch((error) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return found?.size ?? 0
    },
    /** Writes a job's next segment from pieces of this one; resolves when a power cut could not undo it. */
    async rewrite(job: JobId, segment: number, extents: readonly Extent[]): Promise<void> {
      const path = pathOf(job, segment + 1)
      const from = extents.length > 0 ? await open(pathOf(job, segment), 'r') : null
      try {
        const to = await open(path, 'w')
        try {
          let at = 0
          for (const extent of extents)
            for await (const piece of pieces(from!, extent)) at = await writeAt(to, piece, at)
          await to.datasync()
        } finally {
          await to.close()
        }
        await syncFolder(folder)
      } catch (error) {
        await rm(path, { force: true })
        throw error
      } finally {
        await from?.close()
      }
    },
    /** Removes a job's segments: all, or all but this one where it is there. */
    async remove(job: JobId, but?: number): Promise<void> {
      await files.get(job)?.close()
      files.delete(job)
      const names = await namesOf(job)
      const stays = but === undefined ? undefined : segmentName(job, but)
      // What was put back by hand may be another one than the database knows: then nothing here is known to be needless.
      if (stays !== undefined && !names.includes(stays)) return
      for (const name of names) if (name !== stays) await rm(join(folder, name), { force: true })
    },
    /** Jobs with segments that were written anew. */
    async rewritten(): Promise<JobId[]> {
      const names = (await readdir(folder)).filter((name) => REWRITTEN.test(name))
      return [...new Set(names.map((name) => name.replace(REWRITTEN, '') as JobId))]
    },
    /** Also after something went wrong with a file: the next append opens it afresh. */
    async closeFiles(): Promise<void> {
      const handles = [...files.values()]
      files.clear()
      await Promise.allSettled(handles.map((handle) => handle.close()))
    },
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  let at = offset
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, at)
    done += bytesWritten
    at += bytesWritten
  }
  return at
}

async function* pieces(file: FileHandle, { offset, size }: Extent): AsyncIterable<Uint8Array> {
  const piece = new Uint8Array(Math.min(size, PIECE_BYTES))
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - done), offset + done)
    if (bytesRead === 0) throw new Error('A segment file is shorter than the database says')
    yield piece.subarray(0, bytesRead)
    done += bytesRead
  }
}

/** The first segment of a job is named like the job. */
export function segmentName(job: string, segment: number): string {
  return segment === 0 ? fileName(job) : `${fileName(job)}.${segment}`
}

/** Ids are URL-safe; one that could leave the folder is a bug and stops here. */
export function fileName(job: string): string {
  if (!/^[\w~-][\w.~-]*$/.test(job)) throw new Error(`"${job}" is no job id`)
  return job
}

/** What one read and one message to another thread carry: enough to make their cost small; a reader has up to eight under way. */
const CHUNK_BYTES = 256 * 1024
const CHUNK_TASKS = 16_384

/**
 * Outputs in task order, a chunk at a time; outputs that lie behind each other on disk are read at once. `file` may be null
 * where all outputs are empty.
 */
export async function* readOutputs(
  job: JobId,
  file: FileHandle | null,
  spans: Iterable<Span<Place>>,
): AsyncIterable<Chunk> {
  let chunk = newChunk()
  for (const { from, to, run } of spans) {
    if (run === undefined) {
      if (chunk.lengths.length > 0) yield await chunk.read(file)
      throw new OutputsMissing(job, from)
    }
    const { offset, lengths } = run.place
    const lengthOf = (task: number) => lengths[lengths.length === 1 ? 0 : task - run.from] ?? 0
    let at = offset
    for (let task = run.from; task < from; task++) at += lengthOf(task)
    for (let task = from; task < to; task++) {
      const length = lengthOf(task)
      chunk.add(at, length)
      at += length
      if (chunk.full()) {
        yield await chunk.read(file)
        chunk = newChunk()
      }
    }
  }
  if (chunk.lengths.length > 0) yield await chunk.read(file)
}

function newChunk() {
  const lengths: number[] = []
  const extents: { offset: number; size: number }[] = []
  let bytes = 0
  return {
    lengths,
    add(offset: number, length: number) {
      lengths.push(length)
      bytes += length
      addExtent(extents, offset, length)
    },
    full: () => bytes >= CHUNK_BYTES || lengths.length >= CHUNK_TASKS,
    async read(file: FileHandle | null): Promise<Chunk> {
      const whole = new Uint8Array(bytes)
      let at = 0
      for (const { offset, size } of extents) {
        const bytesRead = file === null ? 0 : (await file.read(whole, at, size, offset)).bytesRead
        if (bytesRead !== size)
          throw new StoreError(
            'Outputs that the database speaks of are not in the data folder. Put the last backup back.',
            null,
          )
        at += size
      }
      const chunk = { bytes: whole, lengths: Uint32Array.from(lengths) }
      return move(chunk, [chunk.bytes.buffer, chunk.lengths.buffer])
    },
  }
}
