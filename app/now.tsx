'use client'
import Link from 'next/link'
import { count } from '../components/words/count.ts'
import { progressOf, progressText, together } from '../components/words/job.ts'
import { Time } from '../components/words/time.tsx'
import type { JobView } from '../protocol/api.ts'
import { isFinal } from '../protocol/ids.ts'
import type { PoolNow } from '../protocol/live.ts'
import { Top } from './identity/sheet.tsx'
import { Lost, useLive } from './live/live.tsx'
import { PeopleBar } from './people/people.tsx'
import { LivePicture } from './picture/live-picture.tsx'
import { Water } from './water/water.tsx'

/** What the pool computes now: the picture fills the page, the words float on it. */
export function Now({ initial, people }: { readonly initial: PoolNow; readonly people: readonly string[] }) {
  const now = useLive('pool', initial)
  const job = now.showing
  return (
    <div className="hero">
      <Water devices={now.devices} people={people} />
      <Top />
      <main className="flex grow flex-col">
        {job ? (
          <div className="hero-picture">
            <LivePicture key={job.id} job={job.id} title={job.title} />
          </div>
        ) : null}
        <div className={job ? 'hero-words' : 'hero-words hero-still'}>
          <PoolWords now={now} />
          <p className="mt-6">
            <Link href="/join" prefetch={false} className="act px-9 text-[1.25rem]">
              Lend this device
            </Link>
          </p>
        </div>
      </main>
      <Lost />
    </div>
  )
}

/** What the pool does now, in a sentence or three. */
function PoolWords({ now }: { readonly now: PoolNow }) {
  const { showing: job, trouble } = now
  return (
    <>
      {job ? <Showing job={job} now={now} /> : <Still now={now} />}
      {trouble ? (
        <p role="alert" className="mt-3 text-bad">
          <strong className="font-semibold">Nothing can be kept right now.</strong> {trouble}
        </p>
      ) : null}
    </>
  )
}

function Showing({ job, now }: { readonly job: JobView; readonly now: PoolNow }) {
  const going = !isFinal(job.status)
  return (
    <>
      <h1>{together(now, job)}</h1>
      <p className="mt-3">
        <Link href={`/jobs/${job.id}`} prefetch={false} className="font-semibold">
          {job.title}
        </Link>
        <br />
        <span className="tabular-nums">{progressText(job)}</span>{' '}
        {job.finishedAt ? (
          <>
            Finished <Time at={job.finishedAt} />.
          </>
        ) : null}
      </p>
      {going ? (
        <div className="mt-3 max-w-md">
          <PeopleBar done={progressOf(job)} label={`Progress of ${job.title}`} />
        </div>
      ) : null}
      <p className="mt-2 text-small text-quiet">{job.waiting ?? (going ? here(now) : rest(now))}</p>
    </>
  )
}

function Still({ now }: { readonly now: PoolNow }) {
  return (
    <>
      <h1>{now.name} has nothing to show yet</h1>
      <p className="mt-3">
        Nothing has been computed here yet. Lend this device and it will be there for the first job, or{' '}
        <Link href="/admin" prefetch={false}>
          give the pool something to compute
        </Link>
        .
      </p>
      <p className="mt-1 text-quiet">{rest(now)}</p>
    </>
  )
}

const here = (now: PoolNow): string =>
  now.devices === 0
    ? 'Lend yours and it goes on.'
    : `${count(now.devices, 'device')} with ${count(now.threads, 'core')} ${now.devices === 1 ? 'is' : 'are'} in the pool “${now.name}”.`

const rest = (now: PoolNow): string =>
  now.devices === 0
    ? 'No device is here at the moment.'
    : `${count(now.devices, 'device')} ${now.devices === 1 ? 'rests' : 'rest'} here, ready for more.`
