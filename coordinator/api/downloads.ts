import type { Form, RowPlace, RowText } from '../../jobs/define.ts'
import type { JobId } from '../../protocol/ids.ts'
import { GONE, hasInput } from '../gateway/lease-input.ts'
import type { Pictures } from '../gateway/live/pictures.ts'
import { encoded } from '../gateway/outputs/encoder.ts'
import { isWhole } from '../gateway/outputs/input.ts'
import type { Thread } from '../gateway/outputs/thread.ts'
import type { Store } from '../store/port.ts'
import type { Jobs } from './jobs.ts'
import { ApiProblem, type Download } from './port.ts'

const NO_FORM = 'This job’s result has no such table; leave format out, or ask for raw.'
const REMOVED =
  'The result of this job is no longer kept: results are removed some days after their jobs have ended (POOL_KEEP_DAYS). Run it again to have it back.'
const FILE_GONE = 'The file of this job was deleted meanwhile. Upload it again to see its rows.'

/** Results and previews of jobs, encoded away from the event loop. */
export function createDownloads(parts: { store: Store; jobs: Jobs; encoder: Thread; pictures: Pictures }) {
  const { store, jobs, encoder, pictures } = parts
  return {
    async result(id: JobId, form: Form): Promise<Download> {
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
      const format = job.kind.formats[form]
      if (!format || format.given?.(job.facts.params) === false)
        throw new ApiProblem(422, NO_FORM, [{ path: 'format', message: NO_FORM }])
      // What was merged from the input itself cannot be told without it; kinds with an index kept what they need.
      if (isWhole(job.kind) && !hasInput(job)) throw new ApiProblem(410, GONE)
      const size = format.sizeBytes?.(job.facts.params)
      return {
        contentType: format.contentType,
        fileName: `${fileName(record.title)}-${id}${form === 'groups' ? '-groups' : ''}.${format.extension}`,
        ...(size === undefined ? {} : { sizeBytes: size }),
        ...encoded(encoder, job.facts, form, store.outputs(id)),
      }
    },
    async rows(id: JobId, places: readonly RowPlace[]): Promise<readonly RowText[]> {
      const job = jobs.known(await jobs.record(id))
      if (!job?.kind.input?.row) throw new ApiProblem(404, 'Jobs of this kind read no rows.')
      if (!hasInput(job)) throw new ApiProblem(410, FILE_GONE)
      return encoder.ask({ type: 'rows', facts: job.facts, places })
    },
    async preview(id: JobId): Promise<Uint8Array<ArrayBuffer> | undefined> {
      const record = await jobs.record(id)
      if (!record.hasOutputs) return undefined
      const job = jobs.known(record)
      return job ? pictures.preview(job) : undefined
    },
  }
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
