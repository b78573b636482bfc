import { type VolunteerId, volunteerTag } from '../../protocol/ids.ts'
import { Light } from './light.tsx'

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
