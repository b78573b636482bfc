import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobId } from '../../protocol/ids.ts'

/** Files kept open between commits; a pool seldom works on more jobs at once. */
const OPEN_FILES = 32

export interface Append {
  readonly job: JobId
  /** End of what the database knows of. */
  readonly offset: number
  readonly pieces: readonly Uint8Array[]
}

/** Outputs on disk: one file per job, only ever appended to. What the database does not speak of does not exist. */
export interface Segments {
  /** Resolves when a power cut could not undo it. */
  append(appends: readonly Append[]): Promise<void>
  openForReading(job: JobId): Promise<FileHandle>
  /** Zero where there is none. */
  sizeBytes(job: JobId): Promise<number>
  remove(job: JobId): Promise<void>
  /** Also after something went wrong with a file: the next append opens it afresh. */
  closeFiles(): Promise<void>
}

export function outputsFolder(dataDir: string): string {
  return join(dataDir, 'outputs')
}

export async function openSegments(dataDir: string): Promise<Segments> {
  const folder = outputsFolder(dataDir)
  await mkdir(folder, { recursive: true })
  await syncFolder(dataDir)
  const files = new Map<JobId, FileHandle>()
  const pathOf = (job: JobId) => join(folder, fileName(job))

  async function fileOf(job: JobId, offset: number): Promise<FileHandle> {
    const known = files.get(job)
    if (known !== undefined) return known
    await (await open(pathOf(job), 'a')).close()
    const file = await open(pathOf(job), 'r+')
    files.set(job, file)
    // Beyond the offset lies what a crash left of a commit that never happened.
    await file.truncate(offset)
    if (offset === 0) await syncFolder(folder)
    return file
  }

  async function write({ job, offset, pieces }: Append): Promise<void> {
    const file = await fileOf(job, offset)
    let at = offset
    for (const piece of pieces) {
      for (let done = 0; done < piece.byteLength; ) {
        const { bytesWritten } = await file.write(piece, done, piece.byteLength - done, at)
        done += bytesWritten
        at += bytesWritten
      }
    }
    await file.datasync()
  }

  return {
    async append(appends) {
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
    openForReading: (job) => open(pathOf(job), 'r'),
    async sizeBytes(job) {
      const found = await stat(pathOf(job)).catch((error) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return found?.size ?? 0
    },
    async remove(job) {
      await files.get(job)?.close()
      files.delete(job)
      await rm(pathOf(job), { force: true })
    },
    async closeFiles() {
      const handles = [...files.values()]
      files.clear()
      await Promise.allSettled(handles.map((handle) => handle.close()))
    },
  }
}

/** Ids are URL-safe; one that could leave the folder is a bug and stops here. */
export function fileName(job: string): string {
  if (!/^[\w~-][\w.~-]*$/.test(job)) throw new Error(`"${job}" is no job id`)
  return job
}

/** A new file is only there after a power cut if its folder was written too. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file systems keep names in their journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
