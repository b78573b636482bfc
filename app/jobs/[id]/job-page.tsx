'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Glass } from '../../../components/controls/glass.tsx'
import { useFollowed } from '../../../components/rest/use-ask.ts'
import { progressOf, progressText, STATUS_WORD, since } from '../../../components/words/job.ts'
import { Time } from '../../../components/words/time.tsx'
import { priceOf, promiseOf } from '../../../components/words/trust.ts'
import { Why } from '../../../components/words/why.tsx'
import type { ContributionView, JobView } from '../../../protocol/api.ts'
import { isFinal } from '../../../protocol/ids.ts'
import { useJob } from '../../live/use-live.ts'
import type { Size } from '../../picture/use-picture.ts'
import { views } from '../../views.ts'
import { Banners } from './banners.tsx'
import { Parts } from './parts.tsx'
import { Downloads, type FormView, ResultOf } from './result.tsx'
import { ZoomPicture } from './zoom-picture.tsx'

/** For the admin alone. */
const JobActions = dynamic(() => import('./job-actions.tsx').then((module) => module.JobActions))

/** One job: its picture on the left, its story on the right. */
export function JobPage({
  initial,
  contributions,
  size,
  forms,
  admin,
}: {
  readonly initial: JobView
  readonly contributions: readonly ContributionView[]
  /** Of its picture, for kinds that have one. */
  readonly size: Size | null
  readonly forms: readonly FormView[]
  readonly admin: boolean
}) {
  const job = useJob(initial)
  const news = useFollowed<{ readonly items: readonly ContributionView[] }>(
    `jobs/${job.id}/contributions`,
    job.tasksDone,
    initial.tasksDone,
  )
  const [whoDid, setWhoDid] = useState<string | null>(null)
  return (
    <div className={size ? 'grid gap-8 lg:grid-cols-[minmax(0,1.6fr)_minmax(21rem,1fr)] lg:gap-12' : ''}>
      {size ? <ZoomPicture job={job} size={size} whoDid={whoDid} onWhoDid={setWhoDid} /> : null}
      <div className="min-w-0">
        <h1 className={size ? 'text-[1.5rem] leading-tight sm:text-[1.75rem]' : ''}>{job.title}</h1>
        <p className="mt-3 flex flex-wrap items-center gap-x-2">
          <Glass status={job.status} done={progressOf(job)} />
          <strong className="font-semibold">{STATUS_WORD[job.status]}</strong>
          <span className="text-quiet">
            {since(job).word} <Time at={since(job).at} />
          </span>
        </p>
        <p className="mt-1 tabular-nums">{progressText(job)}</p>
        <Banners job={job} admin={admin} />
        {job.status === 'done' ? (
          <Downloads job={job} forms={forms} beside={views[job.kind]?.Result !== undefined} />
        ) : null}
        {job.status === 'done' ? <ResultOf job={job} admin={admin} /> : null}
        <Parts
          job={job}
          shares={news?.items ?? contributions}
          chosen={whoDid}
          onChoose={size ? setWhoDid : undefined}
        />
        <TrustWords job={job} />
        {admin ? <JobActions job={job} final={isFinal(job.status)} /> : null}
      </div>
    </div>
  )
}

/** What this job promises about wrong results, and what that costs. */
function TrustWords({ job }: { readonly job: JobView }) {
  const promise = promiseOf(job.trust)
  return (
    <section className="mt-8">
      <h2>Can it be trusted?</h2>
      <p className="mt-1">
        {promise.name}: {promise.short} <Why about="this promise">{promise.how}</Why>
      </p>
      <p className="mt-1 text-small text-quiet">
        {priceOf(job)}
        {job.devices === 'host' ? ' It stays on the host: no other device sees any of it.' : ''}
      </p>
    </section>
  )
}
