import { count } from '../../components/words/count.ts'
import type { PoolNow } from '../../protocol/live.ts'
import type { VolunteerState } from '../../workers/state.ts'
import { Word } from './word.tsx'

/** The one decision: a name, if one likes, and Start. */
export function Begin({ now, state }: { readonly now: PoolNow; readonly state: VolunteerState | null }) {
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
