'use client'
import { type PointerEvent, useState } from 'react'
import { roundValues } from '../../../components/chart/axis.ts'
import { percent, whole } from '../../../components/words/count.ts'
import { Why } from '../../../components/words/why.tsx'
import type { ColumnResult } from '../shapes.ts'
import { type Bar, barsOf } from './bars.ts'
import { BarsTable } from './bars-table.tsx'
import { curveOfBars, curveOfQuantiles, type Point, spanOf } from './curve.ts'
import { exact, rounded } from './numbers.ts'
import { BarsUp, CurveUp, shareIn } from './plots.tsx'

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
