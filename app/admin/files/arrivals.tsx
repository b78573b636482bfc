'use client'
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import useSWR from 'swr'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { fetchValue, ON_REASON } from '../../../components/rest/use-ask.ts'
import { bytes, percent } from '../../../components/words/count.ts'
import { roughly } from '../../../components/words/dates.ts'
import { Time } from '../../../components/words/time.tsx'
import type { FileView, UploadView } from '../../../protocol/api.ts'
import { PeopleBar } from '../../people/people.tsx'
import { cancel, drop, getSendings, NOTHING_SENT, onSendings, pause, resume, type Sending } from './sending.ts'

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

/** One thing on its way: its name, how far it is, what is said of it and what can be done. */
function ArrivalRow({
  name,
  done,
  bad = false,
  words,
  children,
}: {
  readonly name: string
  /** 0…1; absent where nothing moves any more. */
  readonly done?: number
  readonly bad?: boolean
  readonly words: ReactNode
  readonly children: ReactNode
}) {
  return (
    <li className="py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-72">
          <p className="file-name font-semibold">{name}</p>
          {done === undefined ? null : (
            <div className="mt-2">
              <PeopleBar done={done} label={`How much of ${name} is here`} />
            </div>
          )}
          <p className={`mt-1 text-small ${bad ? 'text-bad' : 'text-quiet'}`} role={bad ? 'alert' : undefined}>
            {words}
          </p>
        </div>
        <div className="no-print flex flex-wrap gap-2">{children}</div>
      </div>
    </li>
  )
}

/** While the pool reads something, and while somebody waits to hear that it began. */
const LOOK_MS = 600

type Arrivals = ReturnType<typeof useArrivals>

interface Known {
  readonly files: readonly FileView[]
  readonly uploads: readonly UploadView[]
}

/** Both at once: an upload that was kept is among the files. */
async function fetchKnown(): Promise<Known> {
  const [uploads, files] = await Promise.all([
    fetchValue<{ readonly items: readonly UploadView[] }>('uploads'),
    fetchValue<{ readonly items: readonly FileView[] }>('files'),
  ])
  return { uploads: uploads.items, files: files.items }
}

/** Files and what is on its way to become one, followed while something moves. */
export function useArrivals(initial: Known) {
  const { data, error, mutate } = useSWR('arrivals', fetchKnown, { ...ON_REASON, fallbackData: initial })
  const { files, uploads } = data
  /** The last that has become a file while one watched. */
  const [latest, setLatest] = useState<FileView | null>(null)
  const sendings = useSyncExternalStore(onSendings, getSendings, () => NOTHING_SENT)
  const kept = useRef(new Set(initial.uploads.flatMap((one) => (one.state === 'kept' ? [one.id] : []))))

  useEffect(() => {
    for (const one of uploads) {
      if (one.state !== 'kept' || kept.current.has(one.id)) continue
      kept.current.add(one.id)
      setLatest(files.find(({ id }) => id === one.file) ?? null)
    }
    // From here on the pool tells of what was sent.
    for (const { key, id, state } of getSendings())
      if (state === 'sent' && uploads.some((one) => one.id === id)) drop(key)
  }, [files, uploads])

  const moving = sendings.some(({ state }) => state === 'sent') || uploads.some(({ state }) => state === 'importing')
  useEffect(() => {
    if (!moving) return
    void mutate()
    const timer = setInterval(mutate, LOOK_MS)
    return () => clearInterval(timer)
  }, [moving, mutate])

  const sent = new Set(sendings.map(({ id }) => id))
  return {
    files,
    /** What this tab sends. */
    sendings,
    /** What the pool knows besides: sent by others or before, read in now, or refused. */
    uploads: uploads.filter((one) => one.state !== 'kept').filter(({ id }) => !sent.has(id)),
    /** The pool did not answer when it was asked last. */
    lost: error !== undefined,
    latest,
    look: () => void mutate(),
  }
}
