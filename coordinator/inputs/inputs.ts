import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyKind } from '../../jobs/define.ts'
import type { JobId } from '../../protocol/ids.ts'
import { writeDurably } from '../disk.ts'
import type { InputPaths } from '../kernels.ts'
import { ApiProblem } from '../problem.ts'
import { isWhole, type KnownInput, readWhole } from './job-input.ts'
import type { Files, InputSource, Peek } from './port.ts'

/** Several sources as one; no id is in two of them. */
export function joinSources(sources: readonly InputSource[]): InputSource {
  const [first] = sources as [InputSource]
  const holder = (id: string) => sources.find((source) => existsSync(source.path(id))) ?? first
  return {
    find: (id) => holder(id).find(id),
    path: (id) => holder(id).path(id),
    read: (id, start, end) => holder(id).read(id, start, end),
  }
}

export interface Complete {
  readonly params: unknown
  /** Null for kinds that read nothing. */
  readonly known: KnownInput | null
  /** The input as the kind knows it: its index, or all of it. */
  readonly input: unknown
  /** Of the input, bytes that a pass must read before the job can be cut; 0 where that has been done. */
  readonly passBytes: number
}

/**
 * What jobs read, from the moment they are submitted: looked up once, then kept beside the job.
 * @param folder for what is known of each job's input
 */
export async function createInputs(sources: InputSource, files: Pick<Files, 'index' | 'peek'>, folder: string) {
  await mkdir(folder, { recursive: true })
  const known = (job: JobId) => join(folder, `${job}.json`)
  type Look = (source: string, params: unknown, kind: string) => Promise<Peek>
  const pass: Look = async (source, params, kind) => ({ index: await files.index(source, params, kind), whole: true })

  async function complete(kind: AnyKind, params: unknown, look: Look): Promise<Complete> {
    const { input } = kind
    if (!input) return { params, known: null, input: undefined, passBytes: 0 }
    const source = input.source(params)
    const found = await sources.find(source)
    if (!found) {
      const message = `There is no such ${input.noun} here. Upload it first.`
      throw refused([{ path: fieldOf(params, source), message }])
    }
    const seen = input.index ? await look(source, params, kind.id) : { index: null, whole: true }
    const about = { ...found, index: seen.index }
    const whole = isWhole(kind) ? await readWhole(sources.path(source), found.sha256) : (seen.index ?? undefined)
    const completed = input.complete?.(params, whole) ?? { type: 'completed', params }
    if (completed.type === 'refused') throw refused(completed.issues)
    return { params: completed.params, known: about, input: whole, passBytes: seen.whole ? 0 : found.bytes }
  }

  return {
    /** Params with everything filled in that the input decides; refuses what cannot be computed from it. */
    complete: (kind: AnyKind, params: unknown) => complete(kind, params, pass),
    /** The same without a pass: of a large input that was not read in this way before only the beginning is known then. */
    peek: (kind: AnyKind, params: unknown) => complete(kind, params, files.peek),
    /** Where on this disk a job's input stands, and what is known of it; null for kinds that read nothing. */
    paths({ input }: AnyKind, job: { readonly id: JobId; readonly params: unknown }): InputPaths | null {
      return input ? { text: sources.path(input.source(job.params)), known: known(job.id) } : null
    },
    remember: (job: JobId, about: KnownInput): Promise<void> => writeDurably(known(job), JSON.stringify(about)),
    forget: (job: JobId): Promise<void> => rm(known(job), { force: true }),
  }
}
export type Inputs = Awaited<ReturnType<typeof createInputs>>

function refused(issues: readonly { readonly path: string; readonly message: string }[]): ApiProblem {
  const errors = issues.map(({ path, message }) => ({ path: path ? `params.${path}` : 'params', message }))
  return new ApiProblem(422, errors[0]?.message ?? 'The params do not fit their input.', errors)
}

/** The field that names the input. */
function fieldOf(params: unknown, source: string): string {
  return Object.entries(params as object).find(([, value]) => value === source)?.[0] ?? ''
}
