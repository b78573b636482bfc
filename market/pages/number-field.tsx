'use client'
import { useEffect, useState } from 'react'
import { Line } from '../../components/controls/fields.tsx'

/** A number that is taken when it is one; what was typed stays, with what is wrong about it. */
export function NumberField({
  label,
  value,
  valid,
  problem,
  optional = false,
  onChange,
}: {
  readonly label: string
  readonly value: number | null
  readonly valid: (value: number) => boolean
  readonly problem: string
  readonly optional?: boolean
  readonly onChange: (value: number | null) => void
}) {
  const shown = value === null ? '' : String(value)
  const [text, setText] = useState(shown)
  const number = read(text)
  const empty = text.trim() === ''
  const fine = empty ? optional : Number.isFinite(number) && valid(number)
  // Another value replaces what was typed; the same one, typed differently, does not.
  useEffect(() => {
    setText((typed) => (typed.trim() !== '' && read(typed) === Number(shown || Number.NaN) ? typed : shown))
  }, [shown])
  return (
    <Line
      label={label}
      numeric
      value={text}
      problem={fine ? undefined : problem}
      onChange={(typed) => {
        setText(typed)
        const next = read(typed)
        if (typed.trim() === '') {
          if (optional) onChange(null)
        } else if (Number.isFinite(next) && valid(next)) onChange(next)
      }}
    />
  )
}

function read(text: string): number {
  return Number(text.replace(/[$,\s]/g, ''))
}
