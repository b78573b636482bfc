import { percent } from '../words/count.ts'
import { hueStyle } from './light.tsx'

export interface Part {
  readonly id: string
  /** 0…1 of the whole. */
  readonly share: number
}

/** Progress, made of people: each one's part of what is done, in their colour. */
export function PeopleBar({
  done,
  parts,
  label,
}: {
  readonly done: number
  readonly parts: readonly Part[]
  readonly label: string
}) {
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
      {parts.length === 0 && done > 0 ? <span className="bg-light" style={{ flexBasis: `${done * 100}%` }} /> : null}
      {parts.map(({ id, share }) => (
        <span key={id} className="person-fill" style={{ ...hueStyle(id), flexBasis: `${share * done * 100}%` }} />
      ))}
    </div>
  )
}
