import { Why } from '../../../components/controls/inline.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { whole } from '../../../components/words/count.ts'
import { took } from '../../../components/words/dates.ts'
import type { TimeResult } from '../shapes.ts'
import { labelOf } from './columns.ts'
import { counted, moment } from './words.tsx'

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
        <Table
          className="mt-3"
          caption={<caption className="text-left text-small text-quiet">The longest gaps</caption>}
          rows={gaps.longest}
          keyOf={({ row }) => row}
          columns={[
            {
              head: 'Lasted',
              cell: ({ seconds }) => (
                <>
                  {took(seconds * 1000)}
                  <span className="csv-long" style={{ width: `${(100 * seconds) / longest.seconds}%` }} />
                </>
              ),
            },
            { head: 'From', label: 'from', cell: ({ from }) => moment(from) },
            { head: 'To', label: 'to', cell: ({ to }) => moment(to) },
            { head: 'Before row', label: 'before row', cell: ({ row }) => whole(row) },
          ]}
        />
      ) : null}
    </section>
  )
}
