import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyKind } from '../../jobs/define.ts'
import type { JobId } from '../../protocol/ids.ts'
import { fileProblem } from '../api/file-problem.ts'
import { ApiProblem } from '../api/problem.ts'
import { writeDurably } from '../durable.ts'
import { isWhole, type KnownInput, readWhole } from './input.ts'
import type { Files, Peek } from './port.ts'
import type { InputSource } from './source.ts'

export interface Complete {
  readonly params: unknown
  /** Null for kinds that read nothing. */
  readonly known: KnownInput | null
  /** The input as the kind knows it: its index, or all of it. */
  readonly input: unknown
  /** Of the input, bytes that a pass must read before the job can be cut; 0 where that has been done. */
  readonly passBytes: number
}

/** What jobs read, from the moment they are submitted: looked up once, then kept beside the job. */
export interface Inputs {
  /** Params with everything filled in that the input decides; refuses what cannot be computed from it. */
  complete(kind: AnyKind, params: unknown): Promise<Complete>
  /** The same without a pass: of a large input that was not read in this way before only the beginning is known then. */
  peek(kind: AnyKind, params: unknown): Promise<Complete>
  remember(job: JobId, known: KnownInput): Promise<void>
  forget(job: JobId): Promise<void>
  /** Where what is known of a job's input stands. */
  place(job: JobId): string
}

export async function createInputs(
  sources: InputSource,
  files: Pick<Files, 'index' | 'peek'>,
  folder: string,
): Promise<Inputs> {
  await mkdir(folder, { recursive: true })
  const place = (job: JobId) => join(folder, `${job}.json`)
  type Look = (source: string, params: unknown, kind: string) => Promise<Peek>
  const pass: Look = async (...of) => ({ index: await files.index(...of), whole: true })

  async function complete(kind: AnyKind, params: unknown, look: Look): Promise<Complete> {
    const { input } = kind
    if (!input) return { params, known: null, input: undefined, passBytes: 0 }
    const source = input.source(params)
    const found = await sources.find(source)
    if (!found) {
      const message = `There is no such ${input.noun} here. Upload it first.`
      throw refused([{ path: fieldOf(params, source), message }])
    }
    const seen = input.index ? await look(source, params, kind.id).catch(fileProblem) : { index: null, whole: true }
    const known = { ...found, index: seen.index }
    const whole = isWhole(kind) ? await readWhole(sources.path(source), found.sha256) : (seen.index ?? undefined)
    const completed = input.complete?.(params, whole) ?? { type: 'completed', params }
    if (completed.type === 'refused') throw refused(completed.issues)
    return { params: completed.params, known, input: whole, passBytes: seen.whole ? 0 : found.bytes }
  }

  return {
    place,
    complete: (kind, params) => complete(kind, params, pass),
    peek: (kind, params) => complete(kind, params, files.peek),
    async remember(job, known) {
      await writeDurably(place(job), JSON.stringify(known))
    },
    async forget(job) {
      await rm(place(job), { force: true })
    },
  }
}

function refused(issues: readonly { readonly path: string; readonly message: string }[]): ApiProblem {
  const errors = issues.map(({ path, message }) => ({ path: path ? `params.${path}` : 'params', message }))
  return new ApiProblem(422, errors[0]?.message ?? 'The params do not fit their input.', errors)
}

/** The field that names the input. */
function fieldOf(params: unknown, source: string): string {
  return Object.entries(params as object).find(([, value]) => value === source)?.[0] ?? ''
}
