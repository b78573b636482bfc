import { roundMarks, timeMarks } from '../../../components/chart/chart.ts'
import { areaOf, Frame, lineOf, placing } from '../../../components/chart/frame.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { axisUsd, interval, ratio, usd, whole } from '../../../components/words/count.ts'
import { Between } from '../../../components/words/time.tsx'
import type { LevelsResult } from '../analysis.ts'

/** Decision levels as steps, with the bands that went before them. */
export function LevelsView({ result: { levels, band, bands, coverage } }: { readonly result: LevelsResult }) {
  const first = levels[0]
  const last = levels[levels.length - 1]
  if (!first || !last) return <p className="mt-6">There are too few prices for levels.</p>
  const time = (text: string) => Date.parse(text)
  const [from, to] = [time(first.from), time(last.to)]
  // A band holds from its own price to where the next is drawn.
  const near = bands.flatMap(({ at, low, high }, i) => {
    const end = bands[i + 1]?.at ?? at
    return low === null || high === null || time(end) <= from
      ? []
      : [{ from: Math.max(from, time(at)), to: time(end), low, high }]
  })
  const heights = [...levels.map(({ level }) => level), ...near.flatMap(({ low, high }) => [low, high])]
  const place = placing([from, to], [Math.min(...heights), Math.max(...heights)])
  return (
    <>
      <h2>Decision levels</h2>
      <p className="mt-1">
        {band?.low != null && band.high != null
          ? `Next expected between ${usd(band.low)} and ${usd(band.high)}. `
          : 'There are too few prices for a band. '}
        {coverage.share === null
          ? ''
          : `Asked for ${ratio(coverage.asked)}, the bands held ${interval(coverage)} of ${whole(coverage.count)} prices that no fit had seen.`}
      </p>
      <figure>
        <Frame label="Levels and band over time" x={timeMarks(from, to)} y={roundMarks(place.low, place.high, axisUsd)}>
          {near.length > 0 ? (
            <path
              d={areaOf(
                near.flatMap((one) => [place(one.from, one.low), place(one.to, one.low)]),
                near.flatMap((one) => [place(one.from, one.high), place(one.to, one.high)]),
              )}
              fill="var(--light)"
              fillOpacity={0.35}
            />
          ) : null}
          {levels.map((step) => (
            <path
              key={step.from}
              d={lineOf([place(time(step.from), step.level), place(time(step.to), step.level)])}
              stroke="var(--ink)"
              strokeWidth={3}
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </Frame>
        <figcaption className="text-small text-quiet">Lines: the levels. Shaded: where the bands were.</figcaption>
      </figure>
      <Table
        className="mt-6 max-w-3xl"
        rows={levels.toReversed()}
        keyOf={({ from }) => from}
        columns={[
          { head: 'Level', cell: ({ level }) => usd(level) },
          { head: 'When', cell: (step) => <Between {...step} />, td: { className: 'words' } },
        ]}
      />
    </>
  )
}
