'use client'

/** One of a few, as buttons beside each other; nothing to choose is nothing to see. */
export function Choices<Value extends number>({
  label,
  all,
  chosen,
  onChoose,
}: {
  readonly label: string
  readonly all: readonly (readonly [Value, string])[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}) {
  if (all.length < 2) return null
  return (
    <fieldset aria-label={label} className="no-print mt-3 flex flex-wrap gap-1 text-small">
      {all.map(([value, words]) => (
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
