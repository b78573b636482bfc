'use client'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type ReactNode, useRef, useState } from 'react'
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
  readonly confirm?: string | undefined
  readonly className?: string
  readonly onDone?: (value: unknown) => void
  readonly children: ReactNode
}) {
  // Enter pressed twice does no harm.
  const no = useRef<HTMLButtonElement>(null)
  const [busy, setBusy] = useState(false)
  const [words, setWords] = useState('')
  const go = async () => {
    setBusy(true)
    const answer = await ask<unknown>(method, path, body)
    setBusy(false)
    setWords(answer.type === 'ok' ? '' : answer.words)
    if (answer.type === 'ok') onDone?.(answer.value)
  }
  return (
    <>
      {confirm === undefined ? (
        <button type="button" className={className} disabled={busy} onClick={go}>
          {children}
        </button>
      ) : (
        <AlertDialog.Root>
          <AlertDialog.Trigger className={className} disabled={busy}>
            {children}
          </AlertDialog.Trigger>
          <AlertDialog.Portal>
            <AlertDialog.Backdrop className="dialog-shade" />
            <AlertDialog.Popup className="dialog" initialFocus={no}>
              <AlertDialog.Title className="text-body">{confirm}</AlertDialog.Title>
              <div className="mt-5 flex justify-end gap-2">
                <AlertDialog.Close ref={no} className="do small-do">
                  No
                </AlertDialog.Close>
                <AlertDialog.Close className="act small-do" onClick={go}>
                  Yes
                </AlertDialog.Close>
              </div>
            </AlertDialog.Popup>
          </AlertDialog.Portal>
        </AlertDialog.Root>
      )}
      {words ? (
        <span role="alert" className="block text-small text-bad">
          {words}
        </span>
      ) : null}
    </>
  )
}
