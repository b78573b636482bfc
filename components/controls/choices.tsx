import type { ReactNode } from 'react'

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
