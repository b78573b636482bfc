import { bytes } from '../../../components/words/count.ts'
import type { JobView } from '../../../protocol/api.ts'

export interface FormView {
  /** Word behind `?format=`. */
  readonly form: string
  readonly label: string
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
      {forms.map(({ form, label }) => (
        <a
          key={form}
          className={beside ? 'do small-do' : form === 'result' ? 'act' : 'do'}
          href={`/api/v1/jobs/${job.id}/result${form === 'result' ? '' : `?format=${form}`}`}
          download
        >
          {label}
          {form === 'raw' ? `, ${bytes(job.outputBytes)}` : null}
        </a>
      ))}
    </p>
  )
}
