'use client'
import { useEffect, useId, useState } from 'react'
import type { EditorProps } from '../../../components/kind-view.ts'

/** For kinds without an editor of their own: their params as JSON. */
export function JsonEditor({ initial, onChange, problems }: EditorProps<unknown>) {
  const id = useId()
  const [text, setText] = useState('')
  const [broken, setBroken] = useState(false)
  useEffect(() => setText(JSON.stringify(initial ?? {}, null, 2)), [initial])
  useEffect(() => {
    try {
      const params: unknown = JSON.parse(text)
      setBroken(false)
      onChange(params)
    } catch {
      setBroken(text !== '')
      onChange(undefined)
    }
  }, [text, onChange])
  const words = broken
    ? ['This is not JSON yet.']
    : [...problems].map(([path, message]) => (path ? `${path}: ${message}` : message))
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        Params
      </label>
      <textarea
        id={id}
        className="field figures mt-2 min-h-60"
        value={text}
        spellCheck={false}
        aria-invalid={words.length > 0}
        aria-describedby={`${id}-problems`}
        onChange={(event) => setText(event.target.value)}
      />
      <ul id={`${id}-problems`} className="mt-1 text-small text-bad">
        {words.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
    </div>
  )
}
