import { percent } from '../../components/words/count.ts'
import { hueStyle } from './person.tsx'

export interface Part {
  readonly id: string
  /** 0…1 of the whole. */
  readonly share: number
}

/** Progress, made of people: each one's part of what is done in their colour, what nobody is named for as plain light. */
export function PeopleBar({
  done,
  parts,
  label,
}: {
  readonly done: number
  readonly parts: readonly Part[]
  readonly label: string
}) {
  const nameless = 1 - parts.reduce((sum, { share }) => sum + share, 0)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(done * 100)}
      aria-valuetext={percent(done)}
      className="people-bar"
    >
      {parts.map(({ id, share }) => (
        <span key={id} className="person-fill" style={{ ...hueStyle(id), flexBasis: `${share * done * 100}%` }} />
      ))}
      {nameless > 0.001 && done > 0 ? (
        <span className="bg-light" style={{ flexBasis: `${nameless * done * 100}%` }} />
      ) : null}
    </div>
  )
}
