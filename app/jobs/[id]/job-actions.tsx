'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { ask } from '../../../components/rest/ask.ts'
import { Time } from '../../../components/words/time.tsx'
import type { Explanation, JobView } from '../../../protocol/api.ts'

/** What the admin may do with a job, where it is looked at. */
export function JobActions({ job, final }: { readonly job: JobView; readonly final: boolean }) {
  const router = useRouter()
  const at = `jobs/${job.id}`
  return (
    <section className="no-print mt-8">
      <h2>Actions</h2>
      <div className="mt-2 flex flex-wrap gap-2">
        {final ? null : job.status === 'paused' ? (
          <AskButton method="POST" path={`${at}/resume`}>
            Resume
          </AskButton>
        ) : (
          <AskButton method="POST" path={`${at}/pause`}>
            Pause
          </AskButton>
        )}
        {final ? null : (
          <AskButton method="POST" path={`${at}/cancel`} confirm="Really cancel it?">
            Cancel
          </AskButton>
        )}
        <AskButton
          method="DELETE"
          path={at}
          confirm="Really delete it and its result?"
          onDone={() => router.push('/jobs')}
        >
          Delete
        </AskButton>
      </div>
      <WhySo path={`explain/job/${job.id}`} />
    </section>
  )
}

/** The story behind a job or a device, from the coordinator itself. */
export function WhySo({ path }: { readonly path: string }) {
  const [told, setTold] = useState<Explanation | string | null>(null)
  const fetchIt = async () => {
    const answer = await ask<Explanation>('GET', path)
    setTold(answer.type === 'ok' ? answer.value : answer.words)
  }
  return (
    <details className="mt-3" onToggle={(event) => event.currentTarget.open && fetchIt()}>
      <summary className="py-2 text-small font-semibold">Why?</summary>
      {told === null ? <p className="text-small text-quiet">Asking the pool.</p> : null}
      {typeof told === 'string' ? <p className="text-small text-bad">{told}</p> : null}
      {told !== null && typeof told !== 'string' ? (
        <div className="space-y-2 text-small">
          {told.because.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <ul className="text-quiet">
            {told.events.map((event, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two equal events may stand in a story
              <li key={place}>
                <Time at={event.at} />: {event.what}
              </li>
            ))}
          </ul>
          {told.events.length === 0 ? (
            <p className="text-quiet">No recent events: the story begins anew when the pool is restarted.</p>
          ) : null}
        </div>
      ) : null}
    </details>
  )
}
