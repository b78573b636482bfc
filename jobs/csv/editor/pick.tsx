'use client'
import { Choice, Line } from '../../../components/controls/fields.tsx'
import type { Pick } from './draft.ts'

const GUESSED = 'guessed'
const NONE = 'none'
const TYPED = 'typed'

/** A guess that may be left standing, replaced by one of a few, or by anything one types. */
export function PickField({
  label,
  typedLabel,
  pick,
  guess,
  start,
  none,
  options,
  problem,
  onChange,
}: {
  readonly label: string
  readonly typedLabel: string
  readonly pick: Pick
  /** The guess in words. */
  readonly guess: string
  /** What typing begins with: what holds now. */
  readonly start: string
  /** What choosing none of all is called, where one can. */
  readonly none?: string
  readonly options: readonly (readonly [text: string, words: string])[]
  readonly problem: string | undefined
  readonly onChange: (pick: Pick) => void
}) {
  const listed = pick.type !== 'picked' || options.some(([text]) => text === pick.text)
  const choose = (value: string) => {
    if (value === GUESSED) onChange({ type: 'guessed' })
    else if (value === NONE) onChange({ type: 'none' })
    else if (value === TYPED) onChange({ type: 'typed', text: start })
    else onChange({ type: 'picked', text: value.slice(1) })
  }
  return (
    <div className="grid gap-2">
      <Choice
        label={label}
        value={pick.type === 'picked' ? `=${pick.text}` : pick.type}
        options={[
          [GUESSED, guess] as const,
          ...(none === undefined ? [] : [[NONE, none] as const]),
          ...options.map(([text, words]) => [`=${text}`, words] as const),
          ...(listed || pick.type !== 'picked' ? [] : [[`=${pick.text}`, pick.text] as const]),
          [TYPED, 'Another…'] as const,
        ]}
        problem={pick.type === 'typed' ? undefined : problem}
        onChange={choose}
      />
      {pick.type === 'typed' ? (
        <Line
          label={typedLabel}
          value={pick.text}
          onChange={(text) => onChange({ type: 'typed', text })}
          problem={problem}
        />
      ) : null}
    </div>
  )
}
