'use client'
import { useAsk } from '../../../components/rest/use-ask.ts'
import type { JobView } from '../../../protocol/api.ts'
import { views } from '../../views.ts'

/** A finished job's result, drawn by its kind where that has a view of it. */
export function ResultOf({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
  const View = views[job.kind]?.Result
  const { answer } = useAsk<unknown>(View ? `jobs/${job.id}/result` : null)
  if (!View) return null
  if (!answer) return <p className="mt-6 text-quiet">Fetching the result.</p>
  if (answer.type === 'refused') return <p className="mt-6 text-bad">{answer.words}</p>
  return <View result={answer.value} job={job} admin={admin} />
}
