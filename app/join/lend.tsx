'use client'
import Link from 'next/link'
import { count } from '../../components/words/count.ts'
import type { PoolNow } from '../../protocol/live.ts'
import type { VolunteerState } from '../../workers/state.ts'
import { Wordmark } from '../identity/sheet.tsx'
import { useLive } from '../live/live.tsx'
import { Water } from '../water/water.tsx'
import { OwnPicture } from './own-tiles.tsx'
import { Story } from './story.tsx'
import { useVolunteer, Word } from './volunteer.tsx'

/**
 * One page for a volunteer's whole visit. Every state's block is in the markup from the start and `<html data-volunteer>`
 * shows one of them, so the page works before React has arrived; React then fills in what words alone cannot say.
 */
export function Lend({ initial, runtime }: { readonly initial: PoolNow; readonly runtime: string }) {
  const now = useLive('pool', initial)
  const state = useVolunteer(runtime)
  return (
    <div className="lend">
      <Water devices={now.devices} people={state?.identity ? [state.identity.volunteer] : []} />
      <header className="px-5 pt-4 sm:px-8 sm:pt-6">
        <Link href="/" prefetch={false} className="inline-block text-[1.35rem] leading-none text-ink no-underline">
          <Wordmark />
        </Link>
      </header>
      <main className="lend-main">
        <div className="while-ready">
          <Begin now={now} state={state} />
        </div>
        <div className="while-on lend-on">
          <OwnPicture now={now} state={state} />
          <Story state={state} />
        </div>
        <div className="while-stopped">
          <Bye state={state} />
        </div>
        <div className="while-elsewhere">
          <Elsewhere />
        </div>
        <div className="while-refused">
          <Refused state={state} />
        </div>
      </main>
      <div className="while-on">
        <Actions />
      </div>
    </div>
  )
}

/** Always visible, always at hand, always the runtime's own: React is not needed for any of them. */
function Actions() {
  return (
    <fieldset className="actions no-print" aria-label="Your device">
      <button type="button" data-volunteer="pause" className="act while-going">
        Pause
      </button>
      <button type="button" data-volunteer="resume" className="act while-held">
        Resume
      </button>
      <button type="button" data-volunteer="finish" className="do" title="Send what is running, then stop">
        Finish
      </button>
      <button type="button" data-volunteer="stop" className="do" title="Stop now; unfinished work goes to others">
        Stop
      </button>
    </fieldset>
  )
}

/** The one decision: a name, if one likes, and Start. */
function Begin({ now, state }: { readonly now: PoolNow; readonly state: VolunteerState | null }) {
  const job = now.showing?.status === 'running' ? now.showing : null
  return (
    <div className="mx-auto max-w-lg">
      <h1>Lend this device to {now.name}</h1>
      <p className="mt-4">
        {job
          ? `A room of people is computing ${job.title} together. Your browser would compute the next tasks; nothing is installed.`
          : 'A room of people computes here together. Your browser computes small tasks; nothing is installed.'}
      </p>
      <p className="mt-1 text-quiet">
        {now.devices === 0
          ? 'You would be the first here.'
          : `${count(now.devices, 'device')} of ${count(now.volunteers, 'person', 'people')} ${now.devices === 1 ? 'is' : 'are'} at it.`}
      </p>
      <form id="start" className="begin" autoComplete="off">
        <label htmlFor="name" className="font-semibold">
          Your name <span className="font-normal text-quiet">if you like</span>
        </label>
        <input
          id="name"
          name="name"
          className="field mt-2"
          maxLength={40}
          autoComplete="nickname"
          autoCapitalize="words"
          enterKeyHint="go"
          spellCheck={false}
          suppressHydrationWarning
        />
        <div className="begin-go">
          <button type="submit" className="act w-full text-[1.25rem]">
            {state?.status === 'ready' && state.otherTab ? 'Move the work to this tab' : 'Start'}
          </button>
          <p className="mt-3 text-center text-small text-quiet">
            Lends <Word is="power">{state?.powerText ?? 'about half of this device'}</Word>. Stop whenever you like.
          </p>
        </div>
      </form>
      {state?.status === 'ready' && state.otherTab ? (
        <p className="mt-4">
          Another tab of this browser works for the pool already. A browser is one device: moving it here stops it
          there.
        </p>
      ) : null}
      <Consent now={now} />
      <noscript>
        <p className="mt-4 text-bad">
          This page computes with JavaScript, which this browser has switched off. Switch it on and reload.
        </p>
      </noscript>
    </div>
  )
}

/** Who asked, what runs, what it sees and how it ends: before anything does. */
function Consent({ now }: { readonly now: PoolNow }) {
  return (
    <details className="mt-6">
      <summary className="py-2 font-semibold">Who asked, and what runs?</summary>
      <ul className="mt-1 space-y-2 pl-5 text-quiet list-disc">
        <li>
          {now.showing
            ? `Whoever runs ${now.name} asked for it: ${now.showing.title}.`
            : `Whoever runs ${now.name} decides what is computed; the page always names it.`}
        </li>
        <li>
          This page’s own scripts, from this pool’s own address, in the browser’s sandbox. They see no files, no camera,
          nothing of other pages.
        </li>
        <li>Numbers come in and numbers go out. Your name, if you give one, stands beside the tiles you computed.</li>
        <li>
          It uses power. On a phone it begins with one core at half its time and pauses when the battery is low or the
          phone gets warm, where the browser tells.
        </li>
        <li>Pause, Finish and Stop work within a second. Closing the tab stops it too.</li>
      </ul>
    </details>
  )
}

function Bye({ state }: { readonly state: VolunteerState | null }) {
  const kept = state?.tasksKept ?? 0
  return (
    <div className="mx-auto max-w-lg">
      <h1>Stopped</h1>
      <p className="mt-4">
        {kept > 0
          ? `Thank you. ${count(kept, 'task')} were computed by this device, and nothing of them is lost.`
          : 'Thank you for stopping by. Nothing was running any more.'}
      </p>
      <p className="mt-6">
        <button type="button" data-volunteer="start" className="act w-full sm:w-auto">
          Start again
        </button>
      </p>
    </div>
  )
}

function Elsewhere() {
  return (
    <div className="mx-auto max-w-lg">
      <h1>Another tab computes</h1>
      <p className="mt-4">This browser works for the pool in another tab, and a browser is one device.</p>
      <p className="mt-6">
        <button type="button" data-volunteer="move" className="act w-full sm:w-auto">
          Move the work here
        </button>
      </p>
    </div>
  )
}

function Refused({ state }: { readonly state: VolunteerState | null }) {
  const key = state?.status === 'refused' && state.reason === 'key'
  const again = state?.status === 'refused' && (state.reason === 'removed' || state.reason === 'invalid')
  return (
    <div className="mx-auto max-w-lg">
      <h1>{key ? 'This pool asks for a key' : 'This device cannot take part'}</h1>
      <p className="mt-4" role="alert">
        <Word is="headline">{state?.headline ?? 'This device cannot take part right now.'}</Word>
      </p>
      {key ? (
        <p className="mt-2">
          Scan the code on the big screen again, or ask for the whole link: the key is its last part.
        </p>
      ) : null}
      {again ? (
        <p className="mt-6">
          <button type="button" data-volunteer="start" className="do">
            Try again
          </button>
        </p>
      ) : null}
    </div>
  )
}
