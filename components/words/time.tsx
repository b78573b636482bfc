'use client'
import { useSyncExternalStore } from 'react'
import { type Moment as At, clock, date, day, fullDate } from './dates.ts'

// Times in the viewer's zone. The server does not know that zone: it writes UTC, and the page corrects it on hydration.

const listeners = new Set<() => void>()
let minute = 0
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for every "4 min ago" on a page; it runs only while something shows one. */
function everyMinute(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    minute++
    for (const call of listeners) call()
  }, 20_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function ago(at: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000)
  if (seconds < 45) return 'just now'
  if (seconds < 3570) return `${Math.round(seconds / 60) || 1} min ago`
  return day(at) === day(Date.now()) ? `today ${clock(at)}` : day(at)
}

/** A moment, said as people say it, with the full date on hover. */
export function Time({ at }: { readonly at: string }) {
  const here = useSyncExternalStore(
    everyMinute,
    () => minute,
    () => -1,
  )
  if (here < 0) {
    const utc = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
    return (
      <time dateTime={at} title={utc}>
        {utc}
      </time>
    )
  }
  return (
    <time dateTime={at} title={fullDate(at)} data-paper={`${day(at)}, ${clock(at)}`}>
      <span>{ago(at)}</span>
    </time>
  )
}

const never = () => () => {}

/** An exact moment, with its zone on hover. */
export function Moment({ at }: { readonly at: At }) {
  const here = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const iso = new Date(at).toISOString()
  return (
    <time dateTime={iso} title={here ? fullDate(at) : iso}>
      {here ? date(at) : `${iso.slice(0, 19).replace('T', ' ')} UTC`}
    </time>
  )
}

/** One exact moment to another. */
export function Between({ from, to }: { readonly from: At; readonly to: At }) {
  return (
    <>
      <Moment at={from} /> to <Moment at={to} />
    </>
  )
}
