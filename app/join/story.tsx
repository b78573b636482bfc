'use client'
import { type FormEvent, useId, useState } from 'react'
import { Why } from '../../components/controls/inline.tsx'
import { brief, count, whole } from '../../components/words/count.ts'
import type { VolunteerState } from '../../workers/state.ts'
import { Light } from '../people/people.tsx'
import { OwnTiles } from './own-tiles.tsx'
import { Word } from './volunteer.tsx'

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

const DUTIES = [
  ['0.25', 'a quarter of the time'],
  ['0.5', 'half the time'],
  ['0.75', 'three quarters of the time'],
  ['1', 'all the time'],
] as const

/** Cores and time. The fields belong to the start form and are the runtime's: it reads them and applies them at once. */
function PowerChoice({ state }: { readonly state: VolunteerState | null }) {
  return (
    <details className="mt-1">
      <summary className="py-2 text-small font-semibold">
        Change how much: <Word is="power">{state?.powerText ?? 'a part of this device'}</Word>
      </summary>
      <div className="mt-1 grid gap-4 sm:grid-cols-2">
        <label>
          <span className="text-small">Cores{state ? `, of ${state.cores}` : ''}</span>
          <input
            form="start"
            type="range"
            name="threads"
            min={1}
            max={8}
            defaultValue={2}
            className="range mt-2"
            suppressHydrationWarning
          />
        </label>
        <label>
          <span className="text-small">How much of their time</span>
          <select
            form="start"
            name="duty"
            className="field small-field mt-1"
            defaultValue="0.5"
            suppressHydrationWarning
          >
            {DUTIES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
    </details>
  )
}

/** Who one is here, tucked away: another name, and the code that makes several devices one person. */
function Identity({ state }: { readonly state: VolunteerState | null }) {
  const who = state?.identity
  return (
    <details className="mt-1">
      <summary className="py-2 text-small font-semibold">Your name, and your other devices</summary>
      {who ? (
        <div className="mt-1 space-y-4">
          <Line
            key={state.name}
            label="Name"
            initial={state.name}
            maxLength={40}
            button="Rename"
            onSend={(name) => {
              window.poolparty?.rename(name)
              return null
            }}
          />
          <p className="text-small">
            Your recovery code. Whoever types it is you, so keep it to yourself:
            <code className="mt-1 block select-all break-all rounded-xl bg-shallow p-3">{who.recoveryCode}</code>
          </p>
          <Line
            label="Code from another of your devices"
            initial=""
            maxLength={128}
            button="Use it here"
            onSend={(code) => window.poolparty?.recover(code) ?? null}
          />
        </div>
      ) : (
        <p className="mt-1 text-small text-quiet">As soon as the pool has answered.</p>
      )}
    </details>
  )
}

function Line({
  label,
  initial,
  maxLength,
  button,
  onSend,
}: {
  readonly label: string
  readonly initial: string
  readonly maxLength: number
  readonly button: string
  readonly onSend: (text: string) => string | null
}) {
  const id = useId()
  const [text, setText] = useState(initial)
  const [wrong, setWrong] = useState<string | null>(null)
  const send = (event: FormEvent) => {
    event.preventDefault()
    setWrong(onSend(text.trim()))
  }
  return (
    <form onSubmit={send} className="text-small">
      <label htmlFor={id}>{label}</label>
      <span className="mt-1 flex gap-2">
        <input
          id={id}
          className="field small-field"
          value={text}
          maxLength={maxLength}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong !== null}
          aria-describedby={wrong === null ? undefined : `${id}-wrong`}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="do small-do shrink-0">
          {button}
        </button>
      </span>
      {wrong === null ? null : (
        <p id={`${id}-wrong`} role="alert" className="mt-1 text-bad">
          {wrong}
        </p>
      )}
    </form>
  )
}
