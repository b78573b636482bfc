'use client'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { Glass, Why } from '../../../components/controls/inline.tsx'
import { useAsk, useFollowed } from '../../../components/rest/use-ask.ts'
import { bytes, count } from '../../../components/words/count.ts'
import { priceOf, progressOf, progressText, promiseOf, STATUS_WORD, since } from '../../../components/words/job.ts'
import { Time } from '../../../components/words/time.tsx'
import type { ContributionView, JobView } from '../../../protocol/api.ts'
import { useJob } from '../../live/live.tsx'
import type { Size } from '../../picture/live-picture.tsx'
import { views } from '../../views.ts'
import { Parts } from './parts.tsx'
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
        {admin ? <JobActions job={job} /> : null}
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

/** What stands between this job and a result one can rely on, and what to do about it. */
function Banners({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
  const router = useRouter()
  return (
    <div className="mt-4 space-y-3 empty:hidden">
      {job.error ? (
        <Banner tone="bad" title="It failed">
          <p className="whitespace-pre-wrap">{job.error}</p>
        </Banner>
      ) : null}
      {job.waiting ? (
        <Banner tone="note" title="It is waiting">
          <p>{job.waiting}</p>
          {admin && job.pendingCredit > 0 ? (
            <AskButton method="POST" path={`jobs/${job.id}/accept-unchecked`} className="do small-do mt-2">
              Accept without a second opinion
            </AskButton>
          ) : null}
        </Banner>
      ) : null}
      {job.unchecked ? (
        <Banner tone="note" title="Partly unchecked">
          <p>
            {count(job.unchecked, 'task')} {job.unchecked === 1 ? 'was' : 'were'} accepted without the second opinion
            this job asked for, because nothing independent was there to give one and the admin chose not to wait.
          </p>
        </Banner>
      ) : null}
      {job.doubted ? (
        <Banner tone="bad" title="In doubt">
          <p>
            {count(job.doubted, 'task')} of this result {job.doubted === 1 ? 'rests' : 'rest'} on a device that was
            caught lying later. Run it again to be sure.
          </p>
          {admin ? (
            <AskButton
              method="POST"
              path={`jobs/${job.id}/run-again`}
              className="do small-do mt-2"
              onDone={(again) => router.push(`/jobs/${(again as JobView).id}`)}
            >
              Run it again
            </AskButton>
          ) : null}
        </Banner>
      ) : null}
    </div>
  )
}

function Banner({
  tone,
  title,
  children,
}: {
  readonly tone: 'bad' | 'note'
  readonly title: string
  readonly children: React.ReactNode
}) {
  return (
    <section className={`border-l-4 pl-4 ${tone === 'bad' ? 'border-bad' : 'border-note'}`}>
      <h2 className={tone === 'bad' ? 'text-bad' : 'text-note'}>{title}</h2>
      {children}
    </section>
  )
}

export interface FormView {
  /** Word behind `?format=`. */
  readonly form: string
  readonly label: string
}

/** Every form of a result, the whole of it first. */
function Downloads({
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
function ResultOf({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
  const View = views[job.kind]?.Result
  const { answer } = useAsk<unknown>(View ? `jobs/${job.id}/result` : null)
  if (!View) return null
  if (!answer) return <p className="mt-6 text-quiet">Fetching the result.</p>
  if (answer.type === 'refused') return <p className="mt-6 text-bad">{answer.words}</p>
  return <View result={answer.value} job={job} admin={admin} />
}
