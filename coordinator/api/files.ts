import { basename } from 'node:path'
import type { AnyKind } from '../../jobs/define.ts'
import type { FilePreview, FileUse, FileView, UploadView } from '../../protocol/api.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { FileRecord, Files, Kept } from '../inputs/port.ts'
import type { Uploads } from '../inputs/uploads.ts'
import { ApiProblem, faults } from '../problem.ts'
import type { Store } from '../store/port.ts'
import { passOf } from './estimate.ts'

const PAGE = 500

export interface FileParts {
  readonly files: Files
  readonly uploads: Uploads
  readonly inputs: Inputs
  readonly kinds: readonly AnyKind[]
  readonly store: Pick<Store, 'jobs'>
}

/** What is asked of files: send, look, delete. */
export function createFilesApi({ files, uploads, inputs, kinds, store }: FileParts) {
  /** Jobs that read a stored input, by its id. */
  async function readers(): Promise<Map<string, FileUse[]>> {
    const found = new Map<string, FileUse[]>()
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<Store['jobs']>> = await store.jobs({ limit: PAGE, ...(cursor ? { cursor } : {}) })
      for (const { id, kind, title, params, progress } of page.items) {
        const input = kinds.find((one) => one.id === kind)?.input
        if (!input) continue
        const source = input.source(params)
        found.set(source, [...(found.get(source) ?? []), { id, title, ended: isFinal(progress.status) }])
      }
      cursor = page.next
    } while (cursor !== null)
    return found
  }

  async function record(id: string): Promise<FileRecord> {
    const file = await files.get(id)
    if (!file) throw new ApiProblem(404, 'There is no such file.')
    return file
  }

  async function kept(answer: Promise<Kept>): Promise<{ file: FileView; created: boolean }> {
    const { file, created } = await answer
    return { file: view(file, created ? [] : ((await readers()).get(file.id) ?? [])), created }
  }

  return {
    /** Keeps a body as a file of this pool; `created` is false when its content was here already. */
    putFile: (body: AsyncIterable<Uint8Array>, about: { name: string; bytes?: number }) => kept(files.put(body, about)),
    /** The same for a file on the host, under the folder this pool may read. */
    adoptFile: (path: string) => kept(uploads.show(basename(path), files.adopt(path))),
    /** One request of the tus protocol. */
    speak: uploads.speak,
    /** Files on their way here in pieces, newest first, with those that ended lately. */
    uploads: uploads.list,
    async upload(id: string): Promise<UploadView> {
      const upload = await uploads.get(id)
      if (!upload) throw new ApiProblem(404, 'There is no such upload.')
      return upload
    },
    /** Newest first. */
    async files(): Promise<readonly FileView[]> {
      const [all, used] = await Promise.all([files.list(), readers()])
      return all.map((file) => view(file, used.get(file.id) ?? []))
    },
    file: async (id: string) => view(await record(id), (await readers()).get(id) ?? []),
    /** Refused while a job that has not ended reads it. */
    async deleteFile(id: string): Promise<void> {
      await record(id)
      const open = ((await readers()).get(id) ?? []).filter(({ ended }) => !ended)
      if (open.length > 0) {
        const who =
          open.length === 1 ? 'A job that has not ended reads' : `${open.length} jobs that have not ended read`
        throw new ApiProblem(409, `${who} this file. Cancel what needs it first, or wait until it is done.`, [], {
          jobs: open.map((job) => job.id),
        })
      }
      if (!(await files.delete(id))) throw new ApiProblem(404, 'There is no such file.')
    },
    /** What a job would make of a file: its beginning as the kind reads it. @param params those of the kind, without the file */
    async previewFile(id: string, params: Readonly<Record<string, unknown>>, name?: string): Promise<FilePreview> {
      const file = await record(id)
      const kind = kinds.find((one) => (name === undefined ? one.input?.index?.preview : one.id === name))
      const { input } = kind ?? {}
      if (!kind || !input?.index?.preview || !input.naming)
        throw new ApiProblem(422, 'No kind of this pool shows the beginning of files.', [])
      const parsed = kind.schema.safeParse({ ...params, ...input.naming(id) })
      if (!parsed.success) {
        const errors = parsed.error.issues.flatMap((issue) => faults(['params', ...issue.path], issue))
        throw new ApiProblem(422, errors[0]?.message ?? 'The params are wrong.', errors)
      }
      const { preview, whole } = await files.preview(id, parsed.data, kind.id)
      const errors = await inputs.peek(kind, parsed.data).then(
        () => [],
        (error: unknown) => {
          if (error instanceof ApiProblem && error.status === 422) return error.errors
          throw error
        },
      )
      return { kind: kind.id, file, preview, errors, ...passOf(whole ? 0 : file.storedBytes) }
    },
  }
}

function view(file: FileRecord, usedBy: readonly FileUse[]): FileView {
  return { ...file, usedBy }
}
