import type { CSSProperties } from 'react'
import { volunteerHue } from '../../protocol/ids.ts'

/** More lamps than this cannot be told apart. */
const MOST_LAMPS = 24
/** With this many devices the pool is as bright as it gets. */
const BRIGHT = 250

/**
 * The pool itself: every person who gave today is a lamp under the surface in their own colour, and every device here
 * makes the light on its bottom brighter.
 */
export function Water({
  devices = 0,
  people = [],
  fade = false,
}: {
  readonly devices?: number
  readonly people?: readonly string[]
  readonly fade?: boolean
}) {
  const lit = Math.min(1, Math.log2(1 + devices) / Math.log2(1 + BRIGHT))
  return (
    <div
      className={`water ${fade ? 'water-fade' : ''}`}
      style={{ '--lit': lit.toFixed(3) } as CSSProperties}
      aria-hidden="true"
    >
      <div className="water-light" />
      <div className="water-lamps">
        {people.slice(0, MOST_LAMPS).map((id) => (
          <i key={id} style={placeOf(id)} />
        ))}
      </div>
    </div>
  )
}

/** A person's lamp stays where it is, whoever else comes. */
function placeOf(id: string): CSSProperties {
  const hue = volunteerHue(id)
  const across = volunteerHue(`${id}-across`)
  const down = volunteerHue(`${id}-down`)
  return { left: `${(across / 3.6).toFixed(1)}%`, top: `${(down / 3.6).toFixed(1)}%`, '--hue': hue } as CSSProperties
}
