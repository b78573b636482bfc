import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, realpath, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { readJson, syncFolder, writeDurably } from '../disk.ts'
import { CannotStay, importBody, importProgress, type Limits, noSpace, tooLarge } from './import.ts'
import { type AnyIndex, type Indexes, startPass } from './indexes.ts'
import { type FileIndex, FileProblem, type FileRecord, type Files, type Kept, type Peek } from './port.ts'

export interface FilesOptions {
  /** Belongs to this store alone. */
  readonly folder: string
  /** How files are indexed, by kind; the first of them as they arrive. The store knows nothing of what they hold. */
  readonly indexes: Indexes
  readonly maxBytes: number
  /** Files on the host may be taken from below this folder; null: from nowhere. */
  readonly hostFolder: string | null
  /** False beside another one of the same folder, whose uploads are not to be cleared away. */
  readonly first: boolean
}

/** Kept free for the database and everything else. */
const RESERVE_BYTES = 256 << 20
const ID_LENGTH = 32
const ID = /^[0-9a-f]{32}$/
const READ_BYTES = 1 << 20
/** Names of files on the host: enough to choose from; whoever has more types the name. */
const MOST_SHOWN = 200
/** Read in a moment: nobody is asked whether a pass over so little may be made. */
const SMALL_BYTES = 64 << 20

/**
 * A folder per file, named by its content: `text`, `file.json` and an index per dialect. A file is written aside, synced
 * and renamed into place, so that it is there whole or not at all, whatever happens to the power.
 */
export async function openFiles({ folder, indexes, maxBytes, hostFolder, first }: FilesOptions): Promise<Files> {
  const incoming = join(folder, 'incoming')
  const arrival = firstOf(indexes)
  // What an earlier run did not finish is nobody's.
  if (first) await rm(incoming, { recursive: true, force: true })
  await mkdir(incoming, { recursive: true })
  const limits: Limits = {
    maxBytes,
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize - RESERVE_BYTES
    },
  }

  async function room(bytes: number, besides = 0): Promise<void> {
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    if ((await limits.freeBytes()) < bytes + besides) throw noSpace()
  }

  /** @param from the file that the body stands in, where that may become the text itself */
  async function keep(
    body: Body,
    name: string,
    control?: Parameters<typeof importBody>[5],
    from?: string,
  ): Promise<Kept> {
    const place = join(incoming, randomUUID())
    const text = join(place, 'text')
    await mkdir(place)
    try {
      const pass = startPass(arrival, {})
      const taken = await importBody(body, text, pass, limits, from !== undefined, control)
      const { index, stays, ...imported } = taken
      const id = imported.sha256.slice(0, ID_LENGTH)
      const known = await get(id)
      if (known) return { file: known, created: false }
      const file: FileRecord = { id, name, ...imported, rows: index.rows, createdAt: new Date().toISOString() }
      await writeDurably(join(place, 'file.json'), JSON.stringify(file))
      await writeDurably(join(place, indexName(arrival, {})), JSON.stringify(index))
      if (stays && from !== undefined) await giveText(from, text)
      await syncFolder(place)
      if (!(await moved(place, join(folder, id)))) return { file: (await get(id))!, created: false }
      await syncFolder(folder)
      return { file, created: true }
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  }

  async function get(id: string): Promise<FileRecord | undefined> {
    return ID.test(id) ? readJson<FileRecord>(join(folder, id, 'file.json')) : undefined
  }

  async function present(id: string): Promise<FileRecord> {
    const file = await get(id)
    if (!file) throw gone()
    return file
  }

  function indexBy(kind: string | undefined): AnyIndex {
    const index = kind === undefined ? arrival : indexes.get(kind)
    if (!index) throw new Error(`The kind "${kind}" indexes no files`)
    return index
  }

  /** Passes under way, so that two who ask for the same index wait for one. */
  const passes = new Map<string, Promise<FileIndex>>()
  async function indexOf({ id }: FileRecord, index: AnyIndex, params: unknown): Promise<FileIndex> {
    const place = join(folder, id, indexName(index, params))
    const pass = passes.get(place) ?? readOrMake(id, place, index, params)
    passes.set(place, pass)
    try {
      return await pass
    } finally {
      passes.delete(place)
    }
  }

  async function readOrMake(id: string, place: string, index: AnyIndex, params: unknown): Promise<FileIndex> {
    const known = await readJson<FileIndex>(place)
    if (known) return known
    const pass = startPass(index, params)
    for await (const chunk of read(id)) pass.push(chunk)
    const made = pass.end()
    await writeDurably(place, JSON.stringify(made))
    return made
  }

  /** Looks at a file without reading more of it than its beginning, unless all of it is soon read. */
  async function peek(file: FileRecord, index: AnyIndex, params: unknown): Promise<Peek> {
    const known =
      file.storedBytes <= SMALL_BYTES
        ? await indexOf(file, index, params)
        : await readJson<FileIndex>(join(folder, file.id, indexName(index, params)))
    if (known) return { index: known, whole: true }
    const pass = startPass(index, params)
    pass.push(await headOf(file, index))
    return { index: pass.end(), whole: false }
  }

  async function headOf({ id }: FileRecord, { headBytes }: AnyIndex): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for await (const part of read(id, 0, headBytes)) parts.push(part)
    return Buffer.concat(parts)
  }

  async function* read(id: string, start = 0, end = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
    if (!ID.test(id)) throw gone()
    if (end <= start) return
    const stream = createReadStream(join(folder, id, 'text'), { start, end: end - 1, highWaterMark: READ_BYTES })
    try {
      yield* stream as AsyncIterable<Uint8Array>
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone(error) : error
    } finally {
      stream.destroy()
    }
  }

  return {
    room,
    async put(body, { name, bytes = 0 }) {
      await room(bytes)
      return keep(body, name)
    },
    async *adopt(path) {
      const real = await allowed(path, hostFolder)
      const { size } = await stat(real)
      await room(size)
      yield* importProgress(size, (control) => keep(bodyOf(real), basename(real), control))
    },
    async *take(path, name) {
      const { size } = await stat(path)
      yield* importProgress(size, async (control) => {
        try {
          return await keep(bodyOf(path), name, control, path)
        } catch (error) {
          if (!(error instanceof CannotStay)) throw error
          return keep(bodyOf(path), name, control)
        }
      })
    },
    async hostFolder() {
      if (hostFolder === null) return null
      const entries = await readdir(hostFolder, { withFileTypes: true }).catch(() => [])
      const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
      return { path: hostFolder, files: names.toSorted().slice(0, MOST_SHOWN) }
    },
    async list() {
      const names = (await readdir(folder)).filter((name) => ID.test(name))
      const files = await Promise.all(names.map(get))
      return files.filter((file) => file !== undefined).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },
    get,
    read,
    async find(id) {
      const file = await get(id)
      return file && { bytes: file.storedBytes, sha256: file.sha256 }
    },
    path: (id) => join(folder, ID.test(id) ? id : 'unknown', 'text'),
    index: async (id, params, kind) => indexOf(await present(id), indexBy(kind), params),
    peek: async (id, params, kind) => peek(await present(id), indexBy(kind), params),
    async preview(id, params, kind) {
      const file = await present(id)
      const index = indexBy(kind)
      const seen = await peek(file, index, params)
      const head = await headOf(file, index)
      return { whole: seen.whole, preview: index.preview?.(params, head, seen.index, seen.whole) ?? null }
    },
    async delete(id) {
      if (!(await get(id))) return false
      // Renamed first: it is gone at once, however long removing takes.
      const place = join(incoming, randomUUID())
      await rename(join(folder, id), place)
      await syncFolder(folder)
      await rm(place, { recursive: true, force: true })
      return true
    },
  }
}

type Body = AsyncIterable<Uint8Array>

function bodyOf(path: string): Body {
  return createReadStream(path, { highWaterMark: READ_BYTES })
}

/** Where a file of the host really stands. Throws {@link FileProblem} unless that is below the allowed folder. */
async function allowed(path: string, hostFolder: string | null): Promise<string> {
  if (hostFolder === null)
    throw new FileProblem(
      'forbidden',
      'This pool takes no files from its host. Start it with --files-dir to allow a folder.',
    )
  const root = await realpath(hostFolder)
  const real = await realpath(join(root, path.startsWith(root + sep) ? path.slice(root.length) : path)).catch(
    () => null,
  )
  if (real === null || !real.startsWith(root + sep) || !(await stat(real)).isFile())
    throw new FileProblem('unknown', `There is no file "${path}" in the folder this pool may read.`)
  const file = await open(real).catch((error: unknown) => {
    throw new FileProblem('forbidden', `The pool may not read "${path}" on its host.`, error)
  })
  await file.close()
  return real
}

/** A second name for a file, made durable; where the disk knows no second names, its only one. */
async function giveText(from: string, text: string): Promise<void> {
  const file = await open(from, 'r+')
  try {
    await file.chmod(0o600)
    await file.sync()
  } finally {
    await file.close()
  }
  await link(from, text).catch(() => rename(from, text))
}

/** Of the small file that holds an index. */
function indexName(index: AnyIndex, params: unknown): string {
  return `index-${createHash('sha256').update(index.key(params)).digest('hex').slice(0, 16)}.json`
}

function firstOf(indexes: Indexes): AnyIndex {
  const [first] = indexes.values()
  if (!first) throw new Error('Nobody reads files here')
  return first
}

function gone(cause?: unknown): FileProblem {
  return new FileProblem('unknown', 'This file is no longer here. Upload it again.', cause)
}

/** False when the place is taken: another upload of the same content was faster. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}
