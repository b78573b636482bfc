'use client'
import { useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem: string | undefined
}

/** One line of text with what is wrong with it right below. */
export function Line({
  label,
  value,
  onChange,
  problem,
  numeric = false,
}: FieldProps & { readonly numeric?: boolean }) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-small">
        {label}
      </label>
      <input
        id={id}
        className="field small-field figures mt-1"
        inputMode={numeric ? 'numeric' : 'text'}
        spellCheck={false}
        autoComplete="off"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <Problem id={`${id}-problem`} words={problem} />
    </div>
  )
}

function Problem({ id, words }: { readonly id: string; readonly words: string | undefined }) {
  if (!words) return null
  return (
    <p id={id} className="mt-1 text-small text-bad" role="alert">
      {words}
    </p>
  )
}

/** One of a few, with what is wrong with it right below. */
export function Choice({
  label,
  value,
  onChange,
  problem,
  options,
}: FieldProps & { readonly options: readonly (readonly [string, string])[] }) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-small">
        {label}
      </label>
      <select
        id={id}
        className="field small-field mt-1"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      <Problem id={`${id}-problem`} words={problem} />
    </div>
  )
}
