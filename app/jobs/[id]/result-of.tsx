'use client'
import { useEffect, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { JobView } from '../../../protocol/api.ts'
import { views } from '../../views.ts'

/** A finished job's result, drawn by its kind where that has a view of it. */
export function ResultOf({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
  const View = views[job.kind]?.Result
  const [told, setTold] = useState<{ readonly result: unknown } | string | null>(null)
  useEffect(() => {
    if (!View) return
    ask<unknown>('GET', `jobs/${job.id}/result`).then((answer) =>
      setTold(answer.type === 'ok' ? { result: answer.value } : answer.words),
    )
  }, [View, job.id])
  if (!View) return null
  if (told === null) return <p className="mt-6 text-quiet">Fetching the result.</p>
  if (typeof told === 'string') return <p className="mt-6 text-bad">{told}</p>
  return <View result={told.result} job={job} admin={admin} />
}
