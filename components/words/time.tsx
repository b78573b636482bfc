'use client'
import { useSyncExternalStore } from 'react'

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

function ago(at: Date): string {
  const seconds = Math.max(0, (Date.now() - at.getTime()) / 1000)
  if (seconds < 45) return 'just now'
  if (seconds < 3570) return `${Math.round(seconds / 60) || 1} min ago`
  const sameDay = at.toDateString() === new Date().toDateString()
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  if (sameDay) return `today ${clock}`
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** A moment, said as people say it, with the full date on hover. */
export function Time({ at }: { readonly at: string }) {
  const here = useSyncExternalStore(
    everyMinute,
    () => minute,
    () => -1,
  )
  const date = new Date(at)
  const utc = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
  if (here < 0) {
    return (
      <time dateTime={at} title={utc}>
        {utc}
      </time>
    )
  }
  return (
    <time
      dateTime={at}
      title={date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' })}
      data-paper={date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}
    >
      <span>{ago(date)}</span>
    </time>
  )
}
