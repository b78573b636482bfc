'use client'
import { type ReactNode, useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem: string | undefined
}

/** What is wrong at a name; of a list or an object the first complaint about any of it. */
export function problemAt(problems: ReadonlyMap<string, string>) {
  return (name: string) => [...problems].find(([path]) => path === name || path.startsWith(`${name}.`))?.[1]
}

/** One line of text with what is wrong with it right below. */
export function Line({ value, onChange, numeric = false, ...said }: FieldProps & { readonly numeric?: boolean }) {
  return (
    <Field {...said}>
      {(control) => (
        <input
          {...control}
          className="field small-field figures mt-1"
          inputMode={numeric ? 'numeric' : 'text'}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** One of a few, with what is wrong with it right below. */
export function Choice({
  value,
  onChange,
  options,
  ...said
}: FieldProps & { readonly options: readonly (readonly [string, string])[] }) {
  return (
    <Field {...said}>
      {(control) => (
        <select
          {...control}
          className="field small-field mt-1"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** A label, its control, and what is wrong with it. */
function Field({
  label,
  problem,
  children,
}: Pick<FieldProps, 'label' | 'problem'> & {
  children(control: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }): ReactNode
}) {
  const id = useId()
  const problemId = `${id}-problem`
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-small">
        {label}
      </label>
      {children({ id, 'aria-invalid': problem !== undefined, 'aria-describedby': problem ? problemId : undefined })}
      {problem && (
        <p id={problemId} className="mt-1 text-small text-bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

/** One of a few, as buttons beside each other; nothing to choose is nothing to see. */
export function Choices<Value extends string | number | null>({
  label,
  options,
  chosen,
  onChoose,
  className = '',
}: {
  readonly label: string
  readonly options: readonly (readonly [Value, ReactNode])[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
  readonly className?: string
}) {
  if (options.length < 2) return null
  return (
    <fieldset aria-label={label} className={`no-print flex min-w-0 flex-wrap gap-1 text-small ${className}`}>
      {options.map(([value, words]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          className="rounded-full px-3.5 py-2 hover:bg-ink/10 aria-pressed:bg-ink aria-pressed:text-water"
          onClick={() => onChoose(value)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  )
}
