// Two ripples meet, and where they meet it is bright: the whole project in one figure.

const CENTRE = 16
const RADIUS = 9
const APART = 9.6
const LEFT = CENTRE - APART / 2
const RIGHT = CENTRE + APART / 2
const HALF_CHORD = Math.sqrt(RADIUS ** 2 - (APART / 2) ** 2)
const LENS = `M${CENTRE} ${CENTRE - HALF_CHORD}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE} ${CENTRE + HALF_CHORD}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE} ${CENTRE - HALF_CHORD}Z`

/** The two ripples alone; colour of the rings is the text's. */
function Mark({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0.5 5.3 31 21.4" className={className} aria-hidden="true">
      <path d={LENS} fill="var(--sun)" />
      <g fill="none" stroke="currentColor" strokeWidth="3.3">
        <circle cx={LEFT} cy={CENTRE} r={RADIUS} />
        <circle cx={RIGHT} cy={CENTRE} r={RADIUS} />
      </g>
    </svg>
  )
}

/** The name, its two o's being the ripples. */
export function Wordmark({ className = '' }: { readonly className?: string }) {
  return (
    <span className={`inline-flex items-baseline font-semibold tracking-[-0.045em] ${className}`}>
      <span className="sr-only">PoolParty</span>
      <span aria-hidden="true">p</span>
      <Mark className="mx-[0.02em] h-[0.56em] w-auto translate-y-[0.012em]" />
      <span aria-hidden="true">lparty</span>
    </span>
  )
}
