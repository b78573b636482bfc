'use client'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { AskButton } from '../../components/controls/ask-button.tsx'
import { Glass } from '../../components/controls/inline.tsx'
import { ask } from '../../components/rest/ask.ts'
import { count } from '../../components/words/count.ts'
import { progressOf, progressText, STATUS_WORD } from '../../components/words/job.ts'
import type { JobView } from '../../protocol/api.ts'
import { isFinal } from '../../protocol/ids.ts'
import { JobButtons } from '../jobs/[id]/job-actions.tsx'
import { useLive } from '../live/live.tsx'
import { PeopleBar } from '../people/people.tsx'

/** Jobs with what may be done about them. */
export function AdminJobs({ initial }: { readonly initial: readonly JobView[] }) {
  const jobs = useLive('jobs', initial)
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
                  <PeopleBar done={progressOf(job)} label={`Progress of ${job.title}`} />
                </div>
              )}
              <div className="no-print mt-3 flex flex-wrap items-center gap-2">
                <JobButtons
                  job={job}
                  cancel="Really cancel?"
                  remove="Really delete?"
                  onGone={() => setGone((all) => new Set(all).add(job.id))}
                >
                  <Priority job={job} />
                </JobButtons>
              </div>
            </div>
          </div>
        </li>
      ))}
    </ul>
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

/** The machine the pool runs on computes too, unless it is told not to. */
export function Host({ initial }: { readonly initial: { readonly working: boolean; readonly threads: number } }) {
  const [working, setWorking] = useState(initial.working)
  return (
    <section className="mt-10">
      <h2>This machine</h2>
      <p className="mt-1">
        {working
          ? `The host computes too, with ${count(initial.threads, 'thread')}. It is trusted, and gives the second opinion where nobody else can.`
          : 'The host only coordinates. Where nobody independent is there to check a result, jobs will wait.'}
      </p>
      <p className="mt-3">
        <AskButton method="PATCH" path="host" body={{ working: !working }} onDone={() => setWorking(!working)}>
          {working ? 'Stop computing here' : 'Compute here too'}
        </AskButton>
      </p>
    </section>
  )
}

export function Login({ next }: { readonly next: string }) {
  const [key, setKey] = useState('')
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const answer = await ask('POST', 'login', { key: key.trim() })
    if (answer.type === 'ok') return location.assign(next)
    setBusy(false)
    setWords(answer.words)
  }
  return (
    <form onSubmit={send} className="max-w-md">
      <h1>Run this pool</h1>
      <label htmlFor="key" className="mt-6 block font-semibold">
        Admin key
      </label>
      <input
        id="key"
        type="password"
        className="field figures mt-2"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        autoComplete="current-password"
        required
        maxLength={200}
        aria-invalid={words !== ''}
        aria-describedby={words ? 'key-help key-wrong' : 'key-help'}
      />
      {words ? (
        <p id="key-wrong" role="alert" className="mt-2 text-bad">
          {words}
        </p>
      ) : null}
      <p id="key-help" className="mt-2 text-small text-quiet">
        It was made when the pool first started: the terminal says where it is kept.
      </p>
      <button type="submit" className="act mt-6" disabled={busy}>
        Open
      </button>
    </form>
  )
}

export function SignOut() {
  return (
    <p className="no-print mt-12">
      <AskButton method="POST" path="logout" onDone={() => location.assign('/')}>
        Sign out
      </AskButton>
    </p>
  )
}
