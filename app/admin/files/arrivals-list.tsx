'use client'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { bytes, percent } from '../../../components/words/count.ts'
import { roughly } from '../../../components/words/dates.ts'
import { Time } from '../../../components/words/time.tsx'
import { ArrivalRow } from './arrival-row.tsx'
import { cancel, drop, pause, resume, type Sending } from './sending.ts'
import type { Arrivals } from './use-arrivals.ts'

type Upload = Arrivals['uploads'][number]

/** What is on its way: sent by this tab, or known to the pool from elsewhere. */
export function ArrivalsList({
  sendings,
  uploads,
  lost,
  look,
}: Pick<Arrivals, 'sendings' | 'uploads' | 'lost' | 'look'>) {
  if (sendings.length + uploads.length === 0) return null
  return (
    <section className="mt-10" aria-labelledby="arrivals">
      <h2 id="arrivals">On their way</h2>
      <p role="status" className="mt-1 text-small text-quiet empty:hidden">
        {lost
          ? 'The pool cannot be reached right now. What is shown here is what it said last; it is asked again.'
          : ''}
      </p>
      <ul className="rows mt-1">
        {sendings.map((one) => (
          <SendingRow key={one.key} one={one} />
        ))}
        {uploads.map((one) => (
          <UploadRow key={one.id} one={one} look={look} />
        ))}
      </ul>
    </section>
  )
}

function SendingRow({ one }: { readonly one: Sending }) {
  const { key, name, state } = one
  return (
    <ArrivalRow
      name={name}
      done={shareOf(one.sentBytes, one.bytes)}
      bad={state === 'stopped'}
      words={sendingWords(one)}
    >
      {state === 'sending' || state === 'lost' ? (
        <Act onClick={() => pause(key)} of={name}>
          Pause
        </Act>
      ) : null}
      {state === 'paused' || state === 'stopped' ? (
        <Act onClick={() => resume(key)} of={name}>
          Resume
        </Act>
      ) : null}
      {state === 'sent' ? null : (
        <Act onClick={() => (one.id === null ? drop(key) : cancel(key))} of={name}>
          Cancel
        </Act>
      )}
    </ArrivalRow>
  )
}

function sendingWords(one: Sending): string {
  const far = `${bytes(one.sentBytes)} of ${bytes(one.bytes)}, ${percent(shareOf(one.sentBytes, one.bytes))}`
  switch (one.state) {
    case 'waiting':
      return `${bytes(one.bytes)}. Waits for the one before it.`
    case 'sending': {
      const { speed } = one.pace
      if (speed === null || speed <= 0) return `${far}.`
      return `${far}. ${bytes(speed)} a second, ${roughly((one.bytes - one.sentBytes) / speed)} left.`
    }
    case 'lost':
      return `${far}. The pool cannot be reached right now; this goes on by itself when it can.`
    case 'paused':
      return `${far}. Paused.`
    case 'sent':
      return 'All of it is here. The pool reads it next.'
    case 'stopped':
      return one.words
  }
}

function UploadRow({ one, look }: { readonly one: Upload; readonly look: () => void }) {
  const { id, name } = one
  switch (one.state) {
    case 'receiving':
      return (
        <ArrivalRow
          name={name}
          done={shareOf(one.receivedBytes, one.bytes)}
          words={
            <>
              {bytes(one.receivedBytes)} of {bytes(one.bytes)} are here, begun <Time at={one.createdAt} /> and kept
              until the pool has run for three days since. Choose the same file again and it goes on.
            </>
          }
        >
          <Forget id={id} of={name} words="Discard" confirm="Really discard?" onDone={look} />
        </ArrivalRow>
      )
    case 'importing':
      return (
        <ArrivalRow
          name={name}
          done={shareOf(one.importedBytes, one.bytes)}
          words={`The pool reads it: ${percent(shareOf(one.importedBytes, one.bytes))} of ${bytes(one.bytes)} checked and indexed.`}
        >
          <Forget id={id} of={name} words="Stop" onDone={look} />
        </ArrivalRow>
      )
    case 'refused':
      return (
        <ArrivalRow name={name} bad words={one.problem}>
          <Forget id={id} of={name} words="Dismiss" onDone={look} />
        </ArrivalRow>
      )
  }
}

function Act({
  of,
  onClick,
  children,
}: {
  readonly of: string
  readonly onClick: () => void
  readonly children: string
}) {
  return (
    <button type="button" className="do small-do" onClick={onClick}>
      {children}
      <span className="sr-only"> {of}</span>
    </button>
  )
}

function Forget({
  id,
  of,
  words,
  confirm,
  onDone,
}: {
  readonly id: string
  readonly of: string
  readonly words: string
  readonly confirm?: string
  readonly onDone: () => void
}) {
  return (
    <AskButton method="DELETE" path={`uploads/${id}`} confirm={confirm} onDone={onDone}>
      {words}
      <span className="sr-only"> {of}</span>
    </AskButton>
  )
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
