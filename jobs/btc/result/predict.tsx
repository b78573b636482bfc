import type { PredictResult } from './shapes.ts'
import { dollars, percent } from './words.ts'

/** How good straight lines were at foretelling, model by model. */
export function PredictView({ result: { models, twoMinutes } }: { readonly result: PredictResult }) {
  return (
    <>
      <h2>How good straight lines were</h2>
      <p className="mt-1">
        “Better” is how often a line was strictly nearer than “no change”.
        {twoMinutes.horizon === null ? '' : ` Two minutes are ${twoMinutes.horizon} points of this series.`}
      </p>
      <table className="board">
        <thead>
          <tr>
            <th scope="col">Ahead</th>
            <th scope="col">Line over</th>
            <th scope="col">Off by</th>
            <th scope="col">Bias</th>
            <th scope="col">Better</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ window, horizon, mae, bias, better }) => (
            <tr key={`${window} ${horizon}`}>
              <td className="figures">{horizon}</td>
              <th scope="row" className="figures">
                {window} prices
                <span className="board-bar" aria-hidden="true">
                  <i style={{ width: `${100 * (better.share ?? 0)}%`, background: 'var(--light)' }} />
                </span>
              </th>
              <td className="figures" data-label="off by">
                {dollars(mae)}
              </td>
              <td className="figures" data-label="bias">
                {dollars(bias)}
              </td>
              <td className="figures" data-label="better">
                {better.share === null
                  ? 'unknown'
                  : `${percent(better.share)} (${percent(better.low ?? 0)} to ${percent(better.high ?? 1)})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
