import { Why } from '../../../components/words/why.tsx'
import type { TimeResult } from '../shapes.ts'
import { labelOf } from './columns.ts'
import { counted, whole } from './numbers.ts'
import { lasting, moment } from './times.ts'

/** How the rows follow each other: order, repetitions, gaps. */
export function InTime({ time }: { readonly time: TimeResult }) {
  const { first, last, outOfOrder, duplicates, gaps, column } = time
  const longest = gaps?.longest[0]
  return (
    <section className="mt-10" aria-labelledby="csv-time">
      <h2 id="csv-time">In order of time</h2>
      <p className="mt-1 max-w-3xl">
        {first && last
          ? `${labelOf(column)} runs from ${moment(first)} to ${moment(last)}. `
          : `${labelOf(column)} holds no time. `}
        {outOfOrder
          ? outOfOrder.count === 0
            ? 'No row is earlier than the one before. '
            : `${counted(outOfOrder.count, 'row')} ${outOfOrder.count === 1 ? 'is' : 'are'} earlier than the one before. `
          : ''}
        {duplicates === undefined
          ? ''
          : duplicates === 0
            ? 'No time is repeated by the next row. '
            : `${counted(duplicates, 'row')} ${duplicates === 1 ? 'repeats' : 'repeat'} the time of the one before. `}
        {gaps ? (
          <>
            {gaps.overMinute === 0
              ? 'There is no gap of more than a minute. '
              : `${counted(gaps.overMinute, 'gap')} ${gaps.overMinute === 1 ? 'is' : 'are'} longer than a minute, ${whole(gaps.overHour)} longer than an hour, ${whole(gaps.overDay)} longer than a day. `}
            <Why about="order and gaps">
              Each row with a time is held against the row before it that has one: an earlier time is out of order, the
              same is a repetition, a later one a gap.
            </Why>
          </>
        ) : null}
      </p>
      {gaps && longest ? (
        <div className="figures-box mt-3">
          <table className="figures-table">
            <caption className="text-left text-small text-quiet">The longest gaps</caption>
            <thead>
              <tr>
                <th scope="col">Lasted</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Before row</th>
              </tr>
            </thead>
            <tbody>
              {gaps.longest.map(({ row, from, to, seconds }) => (
                <tr key={row}>
                  <th scope="row">
                    {lasting(seconds)}
                    <span className="csv-long" style={{ width: `${(100 * seconds) / longest.seconds}%` }} />
                  </th>
                  <td data-label="from">{moment(from)}</td>
                  <td data-label="to">{moment(to)}</td>
                  <td data-label="before row">{whole(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  )
}
