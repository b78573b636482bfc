'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { useAsk } from '../../../components/rest/use-ask.ts'
import { Time } from '../../../components/words/time.tsx'
import type { Explanation, JobView } from '../../../protocol/api.ts'
import { isFinal } from '../../../protocol/ids.ts'

/** What the admin may do with a job, where it is looked at. */
export function JobActions({ job }: { readonly job: JobView }) {
  const router = useRouter()
  return (
    <section className="no-print mt-8">
      <h2>Actions</h2>
      <div className="mt-2 flex flex-wrap gap-2">
        <JobButtons
          job={job}
          cancel="Really cancel it?"
          remove="Really delete it and its result?"
          onGone={() => router.push('/jobs')}
        />
      </div>
      <WhySo path={`explain/job/${job.id}`} />
    </section>
  )
}

/** @param cancel and `remove` are asked first; `children` stand between the two, until the job has ended */
export function JobButtons({
  job,
  cancel,
  remove,
  onGone,
  children,
}: {
  readonly job: JobView
  readonly cancel: string
  readonly remove: string
  readonly onGone: () => void
  readonly children?: ReactNode
}) {
  const at = `jobs/${job.id}`
  const paused = job.status === 'paused'
  return (
    <>
      {isFinal(job.status) ? null : (
        <>
          <AskButton method="POST" path={`${at}/${paused ? 'resume' : 'pause'}`}>
            {paused ? 'Resume' : 'Pause'}
          </AskButton>
          <AskButton method="POST" path={`${at}/cancel`} confirm={cancel}>
            Cancel
          </AskButton>
          {children}
        </>
      )}
      <AskButton method="DELETE" path={at} confirm={remove} onDone={onGone}>
        Delete
      </AskButton>
    </>
  )
}

/** The story behind a job or a device, from the coordinator itself. */
export function WhySo({ path }: { readonly path: string }) {
  const [open, setOpen] = useState(false)
  const { answer } = useAsk<Explanation>(open ? path : null)
  return (
    <details className="mt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="py-2 text-small font-semibold">Why?</summary>
      {answer === undefined ? <p className="text-small text-quiet">Asking the pool.</p> : null}
      {answer?.type === 'refused' ? <p className="text-small text-bad">{answer.words}</p> : null}
      {answer?.type === 'ok' ? (
        <div className="space-y-2 text-small">
          {answer.value.because.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <ul className="text-quiet">
            {answer.value.events.map((event, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two equal events may stand in a story
              <li key={place}>
                <Time at={event.at} />: {event.what}
              </li>
            ))}
          </ul>
          {answer.value.events.length === 0 ? (
            <p className="text-quiet">No recent events: the story begins anew when the pool is restarted.</p>
          ) : null}
        </div>
      ) : null}
    </details>
  )
}
