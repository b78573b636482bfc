import type { FileHandle } from 'node:fs/promises'
import type { JobId } from '../../protocol/ids.ts'
import type { Chunk } from './core.ts'
import type { Place } from './plan.ts'
import { OutputsMissing, StoreError } from './port.ts'
import type { Span } from './runs.ts'
import { addExtent } from './segments.ts'

/** What one read and one message to another thread carry: enough to make their cost small, little enough to hold several. */
const CHUNK_BYTES = 1024 * 1024
const CHUNK_TASKS = 65_536

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
      return { bytes: whole, lengths: Uint32Array.from(lengths) }
    },
  }
}
