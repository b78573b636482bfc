'use client'
import { type PointerEvent, useState } from 'react'
import { roundValues } from '../../../components/chart/chart.ts'
import { Why } from '../../../components/controls/inline.tsx'
import { Pager, Table } from '../../../components/controls/table.tsx'
import { percent, whole } from '../../../components/words/count.ts'
import type { ColumnResult } from '../shapes.ts'
import { type Bar, barsOf, type Curve, curveOfBars, curveOfQuantiles, type Point, type Span, spanOf } from './bars.ts'
import { exact, rounded } from './words.tsx'

interface Props {
  readonly label: string
  readonly figures: ColumnResult
  readonly min: number
  readonly max: number
  readonly quantiles: Readonly<Record<string, number>>
}

/** Where the values lie: how many there are near each, and below it how many there are up to it. */
export function Distribution({ label, figures, min, max, quantiles }: Props) {
  const { histogram, count } = figures
  const [at, setAt] = useState<number | null>(null)
  if (min === max) return <p>Every value of it is {exact(min)}.</p>
  const span = spanOf(min, max, quantiles)
  const bars = histogram ? barsOf(histogram, min, max) : []
  const curve =
    histogram && bars.length > 0 ? curveOfBars(bars, histogram, count, min, max) : curveOfQuantiles(quantiles, min, max)
  const look = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    setAt(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)))
  }
  return (
    <figure aria-label={`Where the values of ${label} lie`} className="min-w-0">
      <div className="csv-plots" onPointerMove={look} onPointerDown={look} onPointerLeave={() => setAt(null)}>
        {bars.length > 0 ? <BarsUp bars={bars} span={span} /> : null}
        <CurveUp curve={curve} span={span} />
        {at === null ? null : <i className="csv-hair" style={{ left: `${at * 100}%` }} />}
        <div className="csv-axis figures" aria-hidden="true">
          {roundValues(span.from, span.to).map((tick) => (
            <span key={tick} style={{ left: `${100 * shareIn(span, tick)}%` }}>
              {exact(tick)}
            </span>
          ))}
        </div>
      </div>
      <figcaption className="mt-1 min-h-12 text-small">
        {at === null ? (
          <span className="text-quiet">
            {bars.length > 0
              ? 'Above how many values are near, below how many are at most so high. '
              : 'How many values are at most so high. '}
            {span.cut ? 'The outermost thousandth on either side lies outside. ' : ''}
            {histogram && !histogram.exact ? (
              <Why about="the bars">
                Without given edges the bars hold whole buckets, each 2⁻⁷ (0.8 %) of its value wide: no bar claims to
                know more. Give the job a histogram with its smallest and largest value to have every bin counted
                exactly.
              </Why>
            ) : null}
          </span>
        ) : (
          <Readout value={span.from + at * (span.to - span.from)} bars={bars} line={curve.line} count={count} />
        )}
      </figcaption>
      {histogram ? <BarsTable bars={bars} below={histogram.below} above={histogram.above} count={count} /> : null}
    </figure>
  )
}

function Readout({
  value,
  bars,
  line,
  count,
}: {
  readonly value: number
  readonly bars: readonly Bar[]
  readonly line: readonly Point[]
  readonly count: number
}) {
  const bar = bars.find(({ from, to }) => value >= from && value < to)
  const [, share] = line.findLast(([known]) => known <= value) ?? [0, 0]
  return (
    <span className="figures">
      {percent(share, 'fine')} of the values are at most about {rounded(bar?.from ?? value, 6)}.
      {bar
        ? ` ${whole(bar.count)} more (${percent(bar.count / count, 'fine')}) lie between that and ${rounded(bar.to, 6)}.`
        : ''}
    </span>
  )
}

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

const PAGE = 50

/** The bars to be read. */
export function BarsTable({
  bars,
  below,
  above,
  count,
}: {
  readonly bars: readonly Bar[]
  readonly below: number
  readonly above: number
  readonly count: number
}) {
  const [page, setPage] = useState(0)
  return (
    <details className="no-print">
      <summary className="py-2 text-small font-semibold">The bars as a table</summary>
      <Table
        rows={bars.slice(page * PAGE, (page + 1) * PAGE)}
        keyOf={({ from }) => from}
        columns={[
          { head: 'From', cell: ({ from }) => rounded(from, 8) },
          { head: 'to', label: 'to', cell: ({ to }) => rounded(to, 8) },
          { head: 'Values', label: 'values', cell: (bar) => whole(bar.count) },
          { head: 'Share', label: 'of all', cell: (bar) => percent(bar.count / count, 'fine') },
        ]}
      />
      <Pager count={bars.length} size={PAGE} page={page} what="bars" onPage={setPage} />
      {below + above > 0 ? (
        <p className="mt-2 text-small text-quiet">
          {whole(below)} values lie below, {whole(above)} above.
        </p>
      ) : null}
    </details>
  )
}
