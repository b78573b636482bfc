import { areaOf, Frame, lineOf, placing } from './frame.tsx'
import type { ForecastResult } from './shapes.ts'
import { dollars, percent } from './words.ts'

const NAMES = { setpoint: 'the setpoint', upper: 'the upper alarm', lower: 'the lower alarm' } as const

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
  const line = (name: 'p05' | 'p25' | 'p50' | 'p75' | 'p95') => fan.map((row) => place(row.step, row[name]))
  return (
    <>
      <h2>Where it may go</h2>
      <p className="mt-1">
        After {last.step} points half of the futures are between {dollars(last.p25)} and {dollars(last.p75)}, nine of
        ten between {dollars(last.p05)} and {dollars(last.p95)}.
      </p>
      <Frame label="Fan of simulated futures" top={dollars(place.high)} bottom={dollars(place.low)}>
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
      <ul className="mt-2">
        {(['setpoint', 'upper', 'lower'] as const).map((name) => {
          const chance = touch[name]
          return chance?.share == null ? null : (
            <li key={name}>
              {percent(chance.share)} touch {NAMES[name]} on the way ({percent(chance.low ?? 0)} to{' '}
              {percent(chance.high ?? 1)}).
            </li>
          )
        })}
      </ul>
    </>
  )
}
