'use client'
import { Choices } from '../../../components/controls/choices.tsx'
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
    <Choices
      label="Column"
      className="mt-2"
      options={columns.map(({ name, label }) => [name, <bdi key={name}>{label}</bdi>] as const)}
      chosen={chosen}
      onChoose={onChoose}
    />
  )
}
