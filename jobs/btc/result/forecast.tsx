import type { Share } from '../wilson.ts'
import { roundMarks } from './axis.ts'
import { areaOf, Frame, lineOf, placing } from './frame.tsx'
import type { FanPoint, ForecastResult } from './shapes.ts'
import { axisDollars, dollars, interval } from './words.ts'

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
        After {last.step} points half of the futures are between {dollars(last.p25)} and {dollars(last.p75)}, nine of
        ten between {dollars(last.p05)} and {dollars(last.p95)}.
      </p>
      <figure>
        <Frame
          label="Fan of simulated futures"
          x={steps.map((mark, i) => ({ ...mark, minor: i % 2 === 1 }))}
          y={roundMarks(place.low, place.high, axisDollars)}
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
      <Table rows={quantiles} />
    </>
  )
}

function howMany(share: Share): string {
  if (share.share === 0) return 'None of the futures touches'
  return share.share === 1 ? 'All futures touch' : `${interval(share)} touch`
}

function Table({ rows }: { readonly rows: readonly FanPoint[] }) {
  const every = Math.ceil(rows.length / ROWS)
  return (
    <div className="figures-box mt-6 max-w-3xl">
      <table className="figures-table">
        <thead>
          <tr>
            <th scope="col">Prices ahead</th>
            <th scope="col">5 % below</th>
            <th scope="col">A quarter below</th>
            <th scope="col">Middle</th>
            <th scope="col">A quarter above</th>
            <th scope="col">5 % above</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter((_, i) => (rows.length - 1 - i) % every === 0)
            .map(({ step, p05, p25, p50, p75, p95 }) => (
              <tr key={step}>
                <th scope="row">{step}</th>
                <td data-label="5 % below">{dollars(p05)}</td>
                <td data-label="a quarter below">{dollars(p25)}</td>
                <td data-label="middle">{dollars(p50)}</td>
                <td data-label="a quarter above">{dollars(p75)}</td>
                <td data-label="5 % above">{dollars(p95)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}
