'use client'
import Link from 'next/link'
import { Glass } from '../../components/controls/inline.tsx'
import { progressOf, progressText, STATUS_WORD, since } from '../../components/words/job.ts'
import { Time } from '../../components/words/time.tsx'
import type { JobView } from '../../protocol/api.ts'
import { useLive } from '../live/live.tsx'
import { PeopleBar } from '../people/people.tsx'

/** Every job, newest first, with its picture. */
export function JobList({
  initial,
  pictured,
  more,
}: {
  readonly initial: readonly JobView[]
  readonly pictured: readonly string[]
  readonly more: boolean
}) {
  const jobs = useLive('jobs', initial)
  if (jobs.length === 0) {
    return (
      <p className="mt-4">
        No job yet. <Link href="/admin/new">Give the pool something to compute</Link>, with the key that was printed
        when it started.
      </p>
    )
  }
  return (
    <>
      <ul className="rows mt-6">
        {jobs.map((job) => (
          <li key={job.id} className="py-5">
            <Row job={job} pictured={pictured.includes(job.kind)} />
          </li>
        ))}
      </ul>
      {more ? <p className="mt-6 text-small text-quiet">Older jobs are kept too; the API lists them all.</p> : null}
    </>
  )
}

function Row({ job, pictured }: { readonly job: JobView; readonly pictured: boolean }) {
  return (
    <div className="flex gap-4 sm:gap-6">
      <Thumb job={job} pictured={pictured} />
      <div className="min-w-0 grow">
        <h2>
          <Link href={`/jobs/${job.id}`} prefetch={false} className="no-underline hover:underline">
            {job.title}
          </Link>
        </h2>
        <p className="mt-1 flex items-center gap-2 text-small">
          <Glass status={job.status} done={progressOf(job)} />
          <span>
            <strong className="font-semibold">{STATUS_WORD[job.status]}</strong>, {since(job).word}{' '}
            <Time at={since(job).at} />
          </span>
        </p>
        <p className="mt-1 text-small text-quiet">{job.error ?? job.waiting ?? progressText(job)}</p>
        {job.status === 'running' ? (
          <div className="mt-3 max-w-md">
            <PeopleBar done={progressOf(job)} label={`Progress of ${job.title}`} />
          </div>
        ) : null}
      </div>
    </div>
  )
}

/** A job's picture so far, small. It changes its address with every tenth of progress, so that it is fetched again then. */
function Thumb({ job, pictured }: { readonly job: JobView; readonly pictured: boolean }) {
  const tenth = Math.floor((10 * job.tasksDone) / Math.max(1, job.taskCount))
  return (
    <div className="h-20 w-28 shrink-0 overflow-hidden rounded-xl bg-ink/8 sm:h-24 sm:w-36">
      {pictured && job.tasksDone > 0 ? (
        // biome-ignore lint/performance/noImgElement: a preview is made on the fly, there is nothing to optimise
        <img
          src={`/api/v1/jobs/${job.id}/preview?at=${tenth}`}
          alt=""
          loading="lazy"
          decoding="async"
          className="size-full object-cover"
          onError={(event) => {
            event.currentTarget.style.visibility = 'hidden'
          }}
        />
      ) : null}
    </div>
  )
}
