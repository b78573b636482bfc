import { ratio } from '../../components/words/count.ts'
import type { MarketState } from '../desk/average.ts'

/** The market's state by colour, shape and word: a triangle up, one down, a disc. */
export function MarketLight({ state, tolerance }: { readonly state: MarketState | null; readonly tolerance: number }) {
  return (
    <p className="flex items-center gap-3" data-state={state ?? 'none'}>
      <svg viewBox="0 0 24 24" className="size-8 shrink-0" aria-hidden="true">
        {state === null ? (
          <circle cx="12" cy="12" r="8" fill="none" stroke="var(--quiet)" strokeWidth="2" strokeDasharray="3 3" />
        ) : (
          <path d={SHAPES[state]} fill={COLOURS[state]} />
        )}
      </svg>
      <span>
        <strong className="font-semibold">{state === null ? 'Not known yet' : NAMES[state]}</strong>
        <span className="block text-small text-quiet">{wordsOf(state, tolerance)}</span>
      </span>
    </p>
  )
}

export const COLOURS: Readonly<Record<MarketState, string>> = {
  green: 'var(--good)',
  red: 'var(--bad)',
  blue: 'var(--note)',
}
const NAMES: Readonly<Record<MarketState, string>> = { green: 'Green', red: 'Red', blue: 'Blue' }
const SHAPES: Readonly<Record<MarketState, string>> = {
  green: 'M12 3.5 21.5 20.5h-19z',
  red: 'M12 20.5 2.5 3.5h19z',
  blue: 'M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18z',
}

function wordsOf(state: MarketState | null, tolerance: number): string {
  switch (state) {
    case null:
      return 'The average needs more prices first.'
    case 'green':
      return 'The price is above its average.'
    case 'red':
      return 'The price is below its average.'
    case 'blue':
      return `The price is within ${ratio(tolerance, 6)} of its average.`
    default:
      return state satisfies never
  }
}
