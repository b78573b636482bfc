'use client'
import { useRouter } from 'next/navigation'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { count } from '../../../components/words/count.ts'
import type { JobView } from '../../../protocol/api.ts'

/** What stands between this job and a result one can rely on, and what to do about it. */
export function Banners({ job, admin }: { readonly job: JobView; readonly admin: boolean }) {
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
