'use client'
import { Choice } from '../../../components/controls/fields.tsx'
import type { Column } from './columns.ts'

/** More are chosen from a list. */
const BUTTONS = 6

/** Which column is drawn. */
export function Picker({
  columns,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Column[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
}) {
  if (columns.length < 2) return null
  if (columns.length > BUTTONS)
    return (
      <div className="no-print mt-2 max-w-xs">
        <Choice
          label="Column"
          value={chosen}
          problem={undefined}
          onChange={onChoose}
          options={columns.map(({ name, label }) => [name, label] as const)}
        />
      </div>
    )
  return (
    <fieldset aria-label="Column" className="no-print mt-2 flex flex-wrap gap-1 text-small">
      {columns.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          className="rounded-full px-3.5 py-2 hover:bg-ink/10 aria-pressed:bg-ink aria-pressed:text-water"
          onClick={() => onChoose(name)}
        >
          <bdi>{label}</bdi>
        </button>
      ))}
    </fieldset>
  )
}
