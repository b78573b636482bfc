import { brief, count, whole } from '../../components/words/count.ts'
import { Why } from '../../components/words/why.tsx'
import type { VolunteerState } from '../../workers/state.ts'
import { Light } from '../people/person.tsx'
import { Identity } from './identity.tsx'
import { OwnTiles } from './own-tiles.tsx'
import { PowerChoice } from './power-choice.tsx'
import { Word } from './word.tsx'

/** What this device does, what it has earned, and why it rests when it does. */
export function Story({ state }: { readonly state: VolunteerState | null }) {
  return (
    <section aria-label="Your device" className="lend-story">
      <h1 className="text-[1.375rem] leading-snug tracking-tight sm:text-[1.5rem]" aria-live="polite">
        <Word is="headline">{state?.headline ?? 'Connecting to the pool.'}</Word>
      </h1>
      {state?.tasksKept === 1 ? <p className="arrived mt-3 font-semibold">Your first task is done!</p> : null}
      <Because state={state} />
      <Earned state={state} />
      <OwnTiles state={state} />
      <p className="mt-5">
        <Word is="measured">{state && 'measured' in state && state.measured > 0 ? state.measuredText : ''}</Word>
      </p>
      <PowerChoice state={state} />
      <Identity state={state} />
    </section>
  )
}

/** Idle, paused or cut off: the reason, in words. */
function Because({ state }: { readonly state: VolunteerState | null }) {
  if (!state) return null
  const lines: string[] = []
  if ('link' in state && state.link.type === 'reconnecting') lines.push(state.link.text)
  const last = state.messages.at(-1)
  if (last && !lines.includes(last.text) && last.text !== state.headline) lines.push(last.text)
  if (lines.length === 0) return null
  return (
    <div className="mt-3 space-y-1 text-quiet">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}

function Earned({ state }: { readonly state: VolunteerState | null }) {
  const totals = state?.totals
  const who = state?.identity
  return (
    <div className="mt-5 min-h-[6.2rem] sm:min-h-[4.7rem]">
      <p>
        {who ? <Light id={who.volunteer} className="mr-2 size-[1.1em] align-[-0.15em]" /> : null}
        {totals && totals.credit > 0
          ? `Earned ${count(totals.credit, 'credit')} with ${count(totals.tasks, 'task')}.`
          : 'Nothing earned yet: the first tasks are on their way.'}{' '}
        {totals && totals.rank > 0 && totals.volunteers > 1 ? (
          <span className="text-quiet">
            Place {whole(totals.rank)} of {brief(totals.volunteers)}.
          </span>
        ) : null}
      </p>
      {totals && totals.pending > 0 ? (
        <p className="mt-1 text-quiet">
          {count(totals.pending, 'credit')} more {totals.pending === 1 ? 'waits' : 'wait'} for a second device to agree.{' '}
          <Why about="pending credit">
            Some work is computed twice, by devices of different people, so that nobody has to be believed. Newcomers’
            first tasks always are, later about one in thirty. When the second answer is the same to the last bit, both
            are paid.
          </Why>
        </p>
      ) : null}
    </div>
  )
}
