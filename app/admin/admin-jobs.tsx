'use client'

import Link from 'next/link'
import { useState } from 'react'
import { AskButton } from '../../components/controls/ask-button.tsx'
import { Glass } from '../../components/controls/glass.tsx'
import { ask } from '../../components/rest/ask.ts'
import { progressOf, progressText, STATUS_WORD } from '../../components/words/job.ts'
import type { JobView } from '../../protocol/api.ts'
import { isFinal } from '../../protocol/ids.ts'
import { useJobs } from '../live/use-live.ts'
import { PeopleBar } from '../people/bar.tsx'

/** Jobs with what may be done about them. */
export function AdminJobs({ initial }: { readonly initial: readonly JobView[] }) {
  const jobs = useJobs(initial)
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const shown = jobs.filter((job) => !gone.has(job.id))
  if (shown.length === 0) return <p className="mt-1 text-quiet">None yet. “New job” makes the first.</p>
  return (
    <ul className="rows mt-1">
      {shown.map((job) => (
        <li key={job.id} className="py-4">
          <div className="flex items-start gap-3">
            <Glass status={job.status} done={progressOf(job)} />
            <div className="min-w-0 grow">
              <Link href={`/jobs/${job.id}`} prefetch={false} className="font-semibold no-underline hover:underline">
                {job.title}
              </Link>
              <p className="text-small text-quiet">
                {STATUS_WORD[job.status]}. {job.error ?? job.waiting ?? progressText(job)}
              </p>
              {isFinal(job.status) ? null : (
                <div className="mt-2 max-w-sm">
                  <PeopleBar done={progressOf(job)} parts={[]} label={`Progress of ${job.title}`} />
                </div>
              )}
              <Actions job={job} onGone={() => setGone((all) => new Set(all).add(job.id))} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Actions({ job, onGone }: { readonly job: JobView; readonly onGone: () => void }) {
  const at = `jobs/${job.id}`
  return (
    <div className="no-print mt-3 flex flex-wrap items-center gap-2">
      {isFinal(job.status) ? null : (
        <>
          <AskButton method="POST" path={job.status === 'paused' ? `${at}/resume` : `${at}/pause`}>
            {job.status === 'paused' ? 'Resume' : 'Pause'}
          </AskButton>
          <AskButton method="POST" path={`${at}/cancel`} confirm="Really cancel?">
            Cancel
          </AskButton>
          <Priority job={job} />
        </>
      )}
      <AskButton method="DELETE" path={at} confirm="Really delete?" onDone={onGone}>
        Delete
      </AskButton>
    </div>
  )
}

const PRIORITIES = Array.from({ length: 21 }, (_, place) => 10 - place)

function Priority({ job }: { readonly job: JobView }) {
  const [words, setWords] = useState('')
  return (
    <label className="flex items-center gap-2 text-small">
      Priority
      <select
        className="field small-field w-auto"
        value={job.priority}
        aria-label={`Priority of ${job.title}, higher goes first`}
        onChange={async (event) => {
          const answer = await ask('PATCH', `jobs/${job.id}`, { priority: Number(event.target.value) })
          setWords(answer.type === 'ok' ? '' : answer.words)
        }}
      >
        {PRIORITIES.map((priority) => (
          <option key={priority} value={priority}>
            {priority > 0 ? `+${priority}` : priority}
          </option>
        ))}
      </select>
      {words ? (
        <span role="alert" className="text-bad">
          {words}
        </span>
      ) : null}
    </label>
  )
}
