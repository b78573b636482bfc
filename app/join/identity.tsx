'use client'
import { type FormEvent, useId, useState } from 'react'
import type { VolunteerState } from '../../workers/state.ts'

/** Who one is here, tucked away: another name, and the code that makes several devices one person. */
export function Identity({ state }: { readonly state: VolunteerState | null }) {
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
