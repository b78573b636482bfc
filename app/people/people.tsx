import type { CSSProperties } from 'react'
import { percent } from '../../components/words/count.ts'
import { type VolunteerId, volunteerHue, volunteerTag } from '../../protocol/ids.ts'

export const hueStyle = (id: string): CSSProperties => ({ '--hue': volunteerHue(id) }) as CSSProperties

/** A person's lamp: their colour everywhere. Always beside their name, never instead of it. */
export function Light({ id, className = 'size-[1.1em]' }: { readonly id: string; readonly className?: string }) {
  return <span aria-hidden="true" className={`person-light ${className}`} style={hueStyle(id)} />
}

/** A volunteer's name with the short tag that tells namesakes apart. */
export function Person({
  id,
  name,
  tag = true,
}: {
  readonly id: string
  readonly name: string
  readonly tag?: boolean
}) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2 align-bottom">
      <Light id={id} className="size-[1.1em] shrink-0" />
      {/* A name is cut at its own end, whichever way it is written. */}
      <span dir="auto" className="truncate" title={name || 'No name given'}>
        {name || 'Anonymous'}
      </span>
      {tag ? <code className="shrink-0 text-quiet">·{volunteerTag(id as VolunteerId)}</code> : null}
    </span>
  )
}

interface Part {
  readonly id: string
  /** 0…1 of the whole. */
  readonly share: number
}

/** Progress, made of people: each one's part of what is done in their colour, what nobody is named for as plain light. */
export function PeopleBar({
  done,
  parts = [],
  label,
}: {
  readonly done: number
  readonly parts?: readonly Part[]
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
