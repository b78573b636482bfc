import { areaOf, Frame, lineOf, placing } from './frame.tsx'
import type { LevelsResult } from './shapes.ts'
import { dollars, percent } from './words.ts'

/** Decision levels as steps, with the band that went before them. */
export function LevelsView({ result: { levels, band, bands, coverage } }: { readonly result: LevelsResult }) {
  const first = levels[0]
  const last = levels[levels.length - 1]
  if (!first || !last) return <p className="mt-6">There are too few prices for levels.</p>
  const time = (text: string) => Date.parse(text)
  const near = bands.filter(({ at, low, high }) => low !== null && high !== null && time(at) >= time(first.from))
  const heights = [...levels.map(({ level }) => level), ...near.flatMap(({ low, high }) => [low ?? 0, high ?? 0])]
  const place = placing([time(first.from), time(last.to)], [Math.min(...heights), Math.max(...heights)])
  return (
    <>
      <h2>Decision levels</h2>
      <p className="mt-1">
        {band?.low != null && band.high != null
          ? `Next expected between ${dollars(band.low)} and ${dollars(band.high)}. `
          : 'There are too few prices for a band. '}
        {coverage.share === null
          ? ''
          : `Asked for ${percent(coverage.asked)}, the bands held ${percent(coverage.share)} of ${coverage.count} prices that no fit had seen.`}
      </p>
      <Frame label="Levels and band over time" top={dollars(place.high)} bottom={dollars(place.low)}>
        {near.length > 1 ? (
          <path
            d={areaOf(
              near.map(({ at, low }) => place(time(at), low ?? 0)),
              near.map(({ at, high }) => place(time(at), high ?? 0)),
            )}
            fill="var(--light)"
            fillOpacity={0.35}
          />
        ) : null}
        {levels.map(({ from, to, level }) => (
          <path
            key={from}
            d={lineOf([place(time(from), level), place(time(to), level)])}
            stroke="var(--ink)"
            strokeWidth={3}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </Frame>
      <table className="board">
        <thead>
          <tr>
            <th scope="col">Level</th>
            <th scope="col">Price</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {levels.map(({ from, to, level }, place) => (
            <tr key={from}>
              <td className="figures">{place + 1}</td>
              <th scope="row" className="figures">
                {dollars(level)}
              </th>
              <td className="figures" data-label="from">
                {from.slice(0, 16).replace('T', ' ')} UTC
              </td>
              <td className="figures" data-label="to">
                {to.slice(0, 16).replace('T', ' ')} UTC
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
