import type { Bar } from './bars.ts'
import type { Curve, Point, Span } from './curve.ts'

/** How far along an axis a value stands. Halved, because the distance of two doubles may be too large for one. */
export const shareIn = ({ from, to }: Span, value: number) => (value / 2 - from / 2) / (to / 2 - from / 2)

/** A narrower bar is as tall as one so narrow: a single value would dwarf all others. */
const FINEST = 200

/** Tall where there are many values for the width. */
export function BarsUp({ bars, span }: { readonly bars: readonly Bar[]; readonly span: Span }) {
  const least = (span.to / 2 - span.from / 2) / FINEST
  const tall = ({ from, to, count }: Bar) => count / Math.max(to / 2 - from / 2, least)
  const seen = bars.filter(({ from, to }) => to >= span.from && from <= span.to)
  const most = Math.max(...seen.map(tall))
  return (
    <svg viewBox="0 0 1000 200" preserveAspectRatio="none" className="h-44 w-full sm:h-56" aria-hidden="true">
      {seen.map((bar) => {
        const x = 1000 * shareIn(span, bar.from)
        const height = Math.max(1, (196 * tall(bar)) / most)
        return (
          <rect
            key={bar.from}
            x={x}
            y={200 - height}
            width={Math.max(1, 1000 * shareIn(span, bar.to) - x)}
            height={height}
            className="csv-bar"
          />
        )
      })}
    </svg>
  )
}

/** From none of the values, at the left, to all of them. */
export function CurveUp({ curve: { line, band }, span }: { readonly curve: Curve; readonly span: Span }) {
  const path = (points: readonly Point[]) =>
    points
      .map(([value, share]) => `${(1000 * shareIn(span, value)).toFixed(2)} ${(200 - 200 * share).toFixed(2)}`)
      .join('L')
  return (
    <div className="relative">
      <svg
        viewBox="0 0 1000 200"
        preserveAspectRatio="none"
        className="csv-curve h-36 w-full sm:h-44"
        aria-hidden="true"
      >
        <path
          d={band ? `M${path(band.early)}L${path(band.late.toReversed())}Z` : `M0 200L${path(line)}L1000 0V200Z`}
          className="csv-under"
        />
        {[0.25, 0.5, 0.75].map((share) => (
          <path key={share} d={`M0 ${200 - 200 * share}H1000`} className="csv-grid" />
        ))}
        <path d={`M${path(line)}`} className="csv-line" />
      </svg>
      {[25, 50, 75].map((share) => (
        <span key={share} className="csv-share figures" style={{ bottom: `${share}%` }} aria-hidden="true">
          {share} %
        </span>
      ))}
    </div>
  )
}
