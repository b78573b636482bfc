'use client'
import { useAsk } from '../../../components/rest/use-ask.ts'
import { bytes } from '../../../components/words/count.ts'
import type { JobView } from '../../../protocol/api.ts'
import { views } from '../../views.ts'

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

/** A finished job's result, drawn by its kind where that has a view of it. */
export function ResultOf({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
  const View = views[job.kind]?.Result
  const { answer } = useAsk<unknown>(View ? `jobs/${job.id}/result` : null)
  if (!View) return null
  if (!answer) return <p className="mt-6 text-quiet">Fetching the result.</p>
  if (answer.type === 'refused') return <p className="mt-6 text-bad">{answer.words}</p>
  return <View result={answer.value} job={job} admin={admin} />
}
