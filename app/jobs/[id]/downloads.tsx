import { bytes } from '../../../components/words/count.ts'
import type { Form } from '../../../jobs/define.ts'
import type { JobView } from '../../../protocol/api.ts'

export interface FormView {
  readonly form: Form
  readonly extension: string
}

/** Every form of a result, the whole of it first. */
export function Downloads({
  job,
  forms,
  beside,
}: {
  readonly job: JobView
  readonly forms: readonly FormView[]
  /** The result itself is on the page: then it is what one looks at first. */
  readonly beside: boolean
}) {
  return (
    <p className={`no-print flex flex-wrap ${beside ? 'mt-4 gap-2' : 'mt-5 gap-3'}`}>
      {forms.map(({ form, extension }) => (
        <a
          key={form}
          className={beside ? 'do small-do' : form === 'result' ? 'act' : 'do'}
          href={`/api/v1/jobs/${job.id}/result${form === 'result' ? '' : `?format=${form}`}`}
          download
        >
          {WORDS[form](extension, job)}
        </a>
      ))}
    </p>
  )
}

const WORDS: Readonly<Record<Form, (extension: string, job: JobView) => string>> = {
  result: (extension) => `Download ${extension.toUpperCase()}`,
  csv: () => 'Table as CSV',
  groups: () => 'Groups as CSV',
  raw: (_, job) => `Raw data, ${bytes(job.outputBytes)}`,
}
