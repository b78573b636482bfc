'use client'
import { useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { PoolNow } from '../../protocol/live.ts'
import type { VolunteerState } from '../../workers/state.ts'
import { LivePicture } from '../picture/live-picture.tsx'

/** The picture this device works on, its own tiles lighting up in it. */
export function OwnPicture({ now, state }: { readonly now: PoolNow; readonly state: VolunteerState | null }) {
  const on = state && 'computing' in state ? state.computing[0] : undefined
  const showing = on ? { id: on.job, title: on.title } : now.showing
  // The last picture stays while the device rests.
  const [kept, setKept] = useState<{ readonly id: JobId; readonly title: string } | null>(null)
  const job = showing ?? kept
  if (showing && showing.id !== kept?.id) setKept(showing)
  const drawing = state !== null && state.status !== 'ready'
  return (
    <figure className="lend-picture">
      {job && drawing ? (
        <LivePicture key={job.id} job={job.id} title={job.title} fit="contain" only={state.identity?.device} />
      ) : null}
      <figcaption className="sr-only">{job ? `Live: ${job.title}` : 'Nothing is computed right now.'}</figcaption>
    </figure>
  )
}
