'use client'
import { type ReactNode, useEffect, useId, useState } from 'react'
import type { JobStatus } from '../../protocol/ids.ts'

/** How long "Copied" stands there. */
const TOLD_MS = 1600

/** A figure as people read it; pressed, it puts the exact one on the clipboard. */
export function Copy({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  const [told, setTold] = useState<'Copied' | 'Not copied' | null>(null)
  useEffect(() => {
    if (told === null) return
    const timer = setTimeout(() => setTold(null), TOLD_MS)
    return () => clearTimeout(timer)
  }, [told])
  return (
    <span className="copy-place">
      <button
        type="button"
        className="copy on-paper"
        title={`Copy ${text}`}
        onClick={() => void copied(text).then((done) => setTold(done ? 'Copied' : 'Not copied'))}
      >
        {children}
        <span className="sr-only">, copy {text}</span>
      </button>
      <span role="status" className="copy-told">
        {told}
      </span>
    </span>
  )
}

/** Plain http gives pages no clipboard of their own; the old way still works there. */
async function copied(text: string): Promise<boolean> {
  if (isSecureContext) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    if (done) return true
  }
  const before = document.activeElement as HTMLElement | null
  const area = document.createElement('textarea')
  area.value = text
  area.style.cssText = 'position:fixed;opacity:0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  before?.focus()
  return done
}

/** The question that may be asked of every number that could be doubted. Answers without any script. */
export function Why({ about, children }: { readonly about: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <>
      <button type="button" popoverTarget={id} className="why no-print">
        why?<span className="sr-only"> About {about}</span>
      </button>
      <span id={id} popover="auto" className="why-answer">
        {children}
      </span>
    </>
  )
}

/** A job's state as a small glass of water: how full it is, and by its shape what became of it. */
export function Glass({ status, done }: { readonly status: JobStatus; readonly done: number }) {
  const level = 20 - 16 * (status === 'done' ? 1 : done)
  return (
    <svg viewBox="0 0 24 24" className="size-6 shrink-0" aria-hidden="true">
      <clipPath id={`level-${Math.round(level * 10)}`}>
        <rect x="0" y={level} width="24" height="24" />
      </clipPath>
      <circle cx="12" cy="12" r="8" clipPath={`url(#level-${Math.round(level * 10)})`} fill="var(--light)" />
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2" />
      <path
        d={SIGNS[status]}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

const SIGNS: Readonly<Record<JobStatus, string>> = {
  queued: '',
  running: '',
  paused: 'M10 9v6M14 9v6',
  done: 'M8.5 12.2l2.4 2.4 4.6-5',
  failed: 'M9.5 9.5l5 5M14.5 9.5l-5 5',
  cancelled: 'M8.5 12h7',
}
