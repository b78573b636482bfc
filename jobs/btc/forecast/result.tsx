import { roundMarks } from '../../../components/chart/chart.ts'
import { areaOf, Frame, lineOf, placing } from '../../../components/chart/frame.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { axisUsd, interval, usd } from '../../../components/words/count.ts'
import type { FanPoint, ForecastResult, Share } from '../analysis.ts'

const NAMES = { setpoint: 'the setpoint', upper: 'the upper alarm', lower: 'the lower alarm' } as const
/** Rows of the table, evenly chosen; the CSV has all. */
const ROWS = 10

/** Simulated futures as a fan: half of them in the dark part, nine of ten in the light one. */
export function ForecastView({ result: { start, quantiles, touch } }: { readonly result: ForecastResult }) {
  const last = quantiles[quantiles.length - 1]
  if (!last || start === null)
    return <p className="mt-6">A future needs a past: this series has fewer than two prices.</p>
  const fan = [{ step: 0, p05: start, p25: start, p50: start, p75: start, p95: start }, ...quantiles]
  const place = placing(
    [0, last.step],
    [Math.min(...fan.map(({ p05 }) => p05)), Math.max(...fan.map(({ p95 }) => p95))],
  )
  const line = (name: Exclude<keyof FanPoint, 'step'>) => fan.map((row) => place(row.step, row[name]))
  const steps = roundMarks(0, last.step, (step) => (step === 0 ? 'now' : String(step)))
  const touched = (['setpoint', 'upper', 'lower'] as const).filter((name) => touch[name]?.share != null)
  return (
    <>
      <h2>Where it may go</h2>
      <p className="mt-1">
        After {last.step} points half of the futures are between {usd(last.p25)} and {usd(last.p75)}, nine of ten
        between {usd(last.p05)} and {usd(last.p95)}.
      </p>
      <figure>
        <Frame
          label="Fan of simulated futures"
          x={steps.map((mark, i) => ({ ...mark, minor: i % 2 === 1 }))}
          y={roundMarks(place.low, place.high, axisUsd)}
        >
          <path d={areaOf(line('p05'), line('p95'))} fill="var(--light)" fillOpacity={0.3} />
          <path d={areaOf(line('p25'), line('p75'))} fill="var(--light)" fillOpacity={0.55} />
          <path
            d={lineOf(line('p50'))}
            fill="none"
            stroke="var(--ink)"
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
        </Frame>
        <figcaption className="text-small text-quiet">
          Across: prices from now. Line: the middle of all futures. Dark: half of them. Light: nine of ten.
        </figcaption>
      </figure>
      {touched.length > 0 ? (
        <ul className="mt-4">
          {touched.map((name) => (
            <li key={name} data-touch={touch[name]?.share}>
              {howMany(touch[name]!)} {NAMES[name]} on the way.
            </li>
          ))}
        </ul>
      ) : null}
      <FanTable rows={quantiles} />
    </>
  )
}

function howMany(share: Share): string {
  if (share.share === 0) return 'None of the futures touches'
  return share.share === 1 ? 'All futures touch' : `${interval(share)} touch`
}

function FanTable({ rows }: { readonly rows: readonly FanPoint[] }) {
  const every = Math.ceil(rows.length / ROWS)
  return (
    <Table
      className="mt-6 max-w-3xl"
      rows={rows.filter((_, i) => (rows.length - 1 - i) % every === 0)}
      keyOf={({ step }) => step}
      columns={[
        { head: 'Prices ahead', cell: ({ step }) => step },
        { head: '5 % below', label: '5 % below', cell: ({ p05 }) => usd(p05) },
        { head: 'A quarter below', label: 'a quarter below', cell: ({ p25 }) => usd(p25) },
        { head: 'Middle', label: 'middle', cell: ({ p50 }) => usd(p50) },
        { head: 'A quarter above', label: 'a quarter above', cell: ({ p75 }) => usd(p75) },
        { head: '5 % above', label: '5 % above', cell: ({ p95 }) => usd(p95) },
      ]}
    />
  )
}
