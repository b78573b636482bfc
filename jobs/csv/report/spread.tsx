import { Copy } from '../../../components/controls/inline.tsx'
import { whole } from '../../../components/words/count.ts'
import type { SpreadResult } from '../shapes.ts'
import { Strip } from './columns-table.tsx'
import { QuantileWhy } from './one-column.tsx'
import { centre, counted, exact, KNOWN_DIGITS, moment, rounded } from './words.tsx'

/** Ask − Bid of the rows that have both. */
export function Spread({ spread }: { readonly spread: SpreadResult }) {
  const { count, min, minRow, minTime, max, maxRow, maxTime, mean, stddev, quantiles, crossed } = spread
  const place = (row: number | null, time: string | null) =>
    row === null ? '' : `row ${whole(row)}${time === null ? '' : `, ${moment(time)}`}`
  return (
    <section className="mt-10" aria-labelledby="csv-spread">
      <h2 id="csv-spread">Ask − Bid</h2>
      {count === 0 || min === null || max === null ? (
        <p className="mt-1">No row has both.</p>
      ) : (
        <>
          <p className="mt-1">
            {counted(count, 'row has', 'rows have')} both.{' '}
            {crossed.count === 0
              ? 'In none of them is the Ask below the Bid.'
              : `In ${whole(crossed.count)} of them the Ask is below the Bid.`}
          </p>
          <div className="mt-3" aria-hidden="true">
            <Strip figures={spread} />
          </div>
          <dl className="csv-figures mt-3">
            <div>
              <dt>Lowest</dt>
              <dd className="figures">
                <Copy text={String(min)}>{exact(min)}</Copy>
              </dd>
              <dd className="text-small text-quiet">{place(minRow, minTime)}</dd>
            </div>
            <div>
              <dt>Mean</dt>
              <dd className="figures">
                {mean === null ? 'none' : <Copy text={String(mean)}>{centre(mean, stddev)}</Copy>}
              </dd>
            </div>
            <div>
              <dt>Median</dt>
              <dd className="figures">≈ {rounded(quantiles?.['0.5'] ?? 0, KNOWN_DIGITS)}</dd>
              <dd className="text-small text-quiet">
                <QuantileWhy />
              </dd>
            </div>
            <div>
              <dt>Highest</dt>
              <dd className="figures">
                <Copy text={String(max)}>{exact(max)}</Copy>
              </dd>
              <dd className="text-small text-quiet">{place(maxRow, maxTime)}</dd>
            </div>
          </dl>
        </>
      )}
    </section>
  )
}
