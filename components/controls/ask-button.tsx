'use client'
import { type ReactNode, useState } from 'react'
import { ask } from '../rest/ask.ts'

/** A button that asks the pool for one thing and says what the pool answered if it refuses. */
export function AskButton({
  method,
  path,
  body,
  confirm,
  className = 'do small-do',
  onDone,
  children,
}: {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** Asked first; for what cannot be undone. */
  readonly confirm?: string
  readonly className?: string
  readonly onDone?: (value: unknown) => void
  readonly children: ReactNode
}) {
  const [busy, setBusy] = useState(false)
  const [sure, setSure] = useState(confirm === undefined)
  const [words, setWords] = useState('')
  const go = async () => {
    if (!sure) return setSure(true)
    setBusy(true)
    const answer = await ask<unknown>(method, path, body)
    setBusy(false)
    setSure(confirm === undefined)
    setWords(answer.type === 'ok' ? '' : answer.words)
    if (answer.type === 'ok') onDone?.(answer.value)
  }
  return (
    <>
      <button
        type="button"
        className={className}
        disabled={busy}
        onClick={go}
        onBlur={() => setSure(confirm === undefined)}
      >
        {sure && confirm !== undefined ? confirm : children}
      </button>
      {words ? (
        <span role="alert" className="block text-small text-bad">
          {words}
        </span>
      ) : null}
    </>
  )
}
