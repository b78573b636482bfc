'use client'
import { type ReactNode, useEffect, useState } from 'react'

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
