import type { AnyKind, RowPlace, RowText } from '../../jobs/define.ts'
import type { JobId } from '../../protocol/ids.ts'
import { isWhole } from '../inputs/job-input.ts'
import { GONE, hasInput } from '../inputs/lease-input.ts'
import type { KnownJob } from '../job-registry.ts'
import type { Encoder } from '../outputs/threads.ts'
import { ApiProblem } from '../problem.ts'
import type { Store } from '../store/port.ts'
import type { Jobs } from './jobs.ts'

const REMOVED =
  'The result of this job is no longer kept: results are removed some days after their jobs have ended (POOL_KEEP_DAYS). Run it again to have it back.'
const FILE_GONE = 'The file of this job was deleted meanwhile. Upload it again to see its rows.'

export interface Download {
  readonly contentType: string
  readonly fileName: string
  readonly sizeBytes?: number
  readonly body: AsyncIterable<Uint8Array>
  /** Nobody reads on: frees what stands behind the body, wherever it is. */
  close(): void
}

export interface DownloadParts {
  readonly store: Store
  readonly encoder: Encoder
  readonly pictures: { preview(job: KnownJob): Promise<Uint8Array<ArrayBuffer> | undefined> }
}

/** Results and previews of jobs, encoded away from the event loop. */
export function createDownloads({ store, encoder, pictures }: DownloadParts, jobs: Jobs) {
  return {
    async result(id: JobId, form: string): Promise<Download> {
      const record = await jobs.record(id)
      const { status, tasksDone, error } = jobs.view(record)
      if (status === 'failed') throw new ApiProblem(410, error ?? 'This job failed; it has no result.', [], { status })
      if (status === 'cancelled') throw new ApiProblem(410, 'This job was cancelled; it has no result.', [], { status })
      if (status !== 'done')
        throw new ApiProblem(409, `This job is not done: ${tasksDone} of ${record.taskCount} tasks are.`, [], {
          tasksDone,
          taskCount: record.taskCount,
          jobStatus: status,
        })
      if (!record.hasOutputs) throw new ApiProblem(410, REMOVED)
      const job = jobs.known(record)
      if (!job) throw new ApiProblem(410, `This pool no longer knows how to show a result of “${record.kind}”.`)
      const { params } = job.facts
      const forms = formsOf(job.kind, params)
      const format = forms.includes(form) ? job.kind.formats[form] : undefined
      if (!format) {
        const others = forms.filter((name) => name !== 'result').join(' or ')
        const message = `This job’s result has no form “${form}”; leave format out${others && `, or ask for ${others}`}.`
        throw new ApiProblem(422, message, [{ path: 'format', message }])
      }
      // What was merged from the input itself cannot be told without it; kinds with an index kept what they need.
      if (isWhole(job.kind) && !hasInput(job)) throw new ApiProblem(410, GONE)
      const size = format.sizeBytes?.(params)
      return {
        contentType: format.contentType,
        fileName: `${fileName(record.title)}-${id}${suffixOf(job.kind, form)}.${format.extension}`,
        ...(size === undefined ? {} : { sizeBytes: size }),
        ...encoder.encoded(job.facts, form, store.outputs(id)),
      }
    },
    /** Rows of what a job reads, as they stand there; those that are not there are left out. For the admin's eyes. */
    async rows(id: JobId, places: readonly RowPlace[]): Promise<readonly RowText[]> {
      const job = jobs.known(await jobs.record(id))
      if (!job?.kind.input?.row) throw new ApiProblem(404, 'Jobs of this kind read no rows.')
      if (!hasInput(job)) throw new ApiProblem(410, FILE_GONE)
      return encoder.rows(job.facts, places)
    },
    /** The picture so far, at most 1024 pixels wide or high; undefined for kinds without one. */
    async preview(id: JobId): Promise<Uint8Array<ArrayBuffer> | undefined> {
      const record = await jobs.record(id)
      if (!record.hasOutputs) return undefined
      const job = jobs.known(record)
      return job ? pictures.preview(job) : undefined
    },
  }
}

/** Forms that results of these params have. */
function formsOf({ formats }: AnyKind, params: unknown): string[] {
  return Object.keys(formats).filter((form) => formats[form]?.given?.(params) !== false)
}

/** Two forms of one extension are told apart by the name of the later one. */
function suffixOf({ formats }: AnyKind, form: string): string {
  const first = Object.keys(formats).find((name) => formats[name]?.extension === formats[form]?.extension)
  return first === form ? '' : `-${form}`
}

/** A title as a file name that every system takes. */
function fileName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\w .-]+/g, '')
    .trim()
    .replace(/[\s.]+/g, '-')
  return plain.slice(0, 60).toLowerCase() || 'result'
}
