'use client'

import type { ReactNode } from 'react'
import { count } from '../../components/words/count.ts'
import { progressOf, progressText, together } from '../../components/words/job.ts'
import type { JobView } from '../../protocol/api.ts'
import { isFinal } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { Wordmark } from '../identity/sheet.tsx'
import { Lost, useJob, useLive } from '../live/live.tsx'
import { PeopleBar } from '../people/people.tsx'
import { LivePicture } from '../picture/live-picture.tsx'
import { Water } from '../water/water.tsx'

/** Names that can be read from the last row before they make place. */
const SIGNED = 7

/** What hangs on the wall: the picture, who signs it, and how to join. Read from afar, so everything scales with the screen. */
export function Wall({
  initial,
  people,
  children,
}: {
  readonly initial: PoolNow
  readonly people: readonly string[]
  readonly children: ReactNode
}) {
  const now = useLive('pool', initial)
  const job = now.showing
  return (
    <main className="wall">
      <Water devices={now.devices} people={people} />
      {job ? (
        <LivePicture key={job.id} job={job.id} title={job.title} signed={isFinal(job.status) ? 0 : SIGNED} />
      ) : null}
      <div className="wall-join">
        <p className="wall-mark">
          <Wordmark />
        </p>
        {children}
        <p className="wall-how">Scan, press Start.</p>
      </div>
      <div className="wall-words">
        {job ? (
          <Words key={job.id} initial={job} now={now} />
        ) : (
          <>
            <h1>{now.name} has nothing to show yet</h1>
            <p>Scan the code and press Start. The first job will find you.</p>
          </>
        )}
        {now.trouble ? <p role="alert">{now.trouble}</p> : null}
      </div>
      <Lost />
    </main>
  )
}

function Words({ initial, now }: { readonly initial: JobView; readonly now: PoolNow }) {
  const job = useJob(initial)
  return (
    <>
      <h1>{together(now, job)}</h1>
      <p>{job.title}</p>
      <PeopleBar done={progressOf(job)} label={`Progress of ${job.title}`} />
      <p>
        {progressText(job)}{' '}
        {now.devices === 0
          ? 'No device is here right now.'
          : `${count(now.devices, 'device')} with ${count(now.threads, 'core')} ${now.devices === 1 ? 'is' : 'are'} here.`}
      </p>
    </>
  )
}
