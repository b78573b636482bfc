'use client'
import { type FormEvent, useState } from 'react'
import { AskButton } from '../../components/controls/ask-button.tsx'
import { ask } from '../../components/rest/ask.ts'

export function Login({ next }: { readonly next: string }) {
  const [key, setKey] = useState('')
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const answer = await ask('POST', 'login', { key: key.trim() })
    if (answer.type === 'ok') return location.assign(next)
    setBusy(false)
    setWords(answer.words)
  }
  return (
    <form onSubmit={send} className="max-w-md">
      <h1>Run this pool</h1>
      <label htmlFor="key" className="mt-6 block font-semibold">
        Admin key
      </label>
      <input
        id="key"
        type="password"
        className="field figures mt-2"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        autoComplete="current-password"
        required
        maxLength={200}
        aria-invalid={words !== ''}
        aria-describedby={words ? 'key-help key-wrong' : 'key-help'}
      />
      {words ? (
        <p id="key-wrong" role="alert" className="mt-2 text-bad">
          {words}
        </p>
      ) : null}
      <p id="key-help" className="mt-2 text-small text-quiet">
        It was made when the pool first started: the terminal says where it is kept.
      </p>
      <button type="submit" className="act mt-6" disabled={busy}>
        Open
      </button>
    </form>
  )
}

export function SignOut() {
  return (
    <p className="no-print mt-12">
      <AskButton method="POST" path="logout" onDone={() => location.assign('/')}>
        Sign out
      </AskButton>
    </p>
  )
}
