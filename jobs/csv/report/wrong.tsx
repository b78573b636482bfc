'use client'
import { useState } from 'react'
import { Choice } from '../../../components/controls/fields.tsx'
import { Pager } from '../../../components/controls/pager.tsx'
import { counted, whole } from './numbers.ts'
import { RowAsItIs } from './row-line.tsx'
import { type Bad, placesOf, type Trouble } from './troubles.ts'
import { type Rows, type RowsOf, useRows } from './use-rows.tsx'

const PAGE = 20
const EVERYTHING = ''

/** The rows to look at, one by one: where, in which column, why. Their text only where `rows` may fetch it. */
export function Wrong({
  troubles,
  rows: rowsOf,
  delimiter,
}: {
  readonly troubles: readonly Trouble[]
  readonly rows: RowsOf | null
  readonly delimiter: string
}) {
  const placed = troubles.filter(({ places }) => places.length > 0)
  const harmful = placed.filter(({ harmless }) => !harmless)
  const [kind, setKind] = useState(harmful.length > 0 ? EVERYTHING : (placed[0]?.id ?? EVERYTHING))
  const [page, setPage] = useState(0)
  const chosen = kind === EVERYTHING ? harmful : placed.filter(({ id }) => id === kind)
  const places = placesOf(chosen)
  const shown = places.slice(page * PAGE, (page + 1) * PAGE)
  const rows = useRows(rowsOf, shown)
  if (placed.length === 0) return null
  const text = rowsOf && rows.type !== 'refused' ? rows : null
  const cut = chosen.some((trouble) => trouble.count > trouble.places.length && trouble.places.length > 0)
  return (
    <section className="mt-10" aria-labelledby="wrong">
      <h2 id="wrong">{harmful.length > 0 ? 'What was wrong' : 'Cells that are no numbers'}</h2>
      <div className="no-print mt-2 max-w-md">
        <Choice
          label="Look at"
          value={kind}
          problem={undefined}
          onChange={(next) => {
            setKind(next)
            setPage(0)
          }}
          options={[
            ...(harmful.length > 0
              ? [[EVERYTHING, `Everything, ${counted(placesOf(harmful).length, 'place')}`] as const]
              : []),
            ...placed.map(({ id, words }) => [id, words] as const),
          ]}
        />
      </div>
      <p className="mt-2 max-w-3xl text-small text-quiet">
        {cut ? 'Of each fault the first hundred places are kept, and all are counted. ' : ''}
        Rows count from 0 below the header, bytes in the file as it is kept: UTF-8, unpacked.{' '}
        {rowsOf ? '' : 'The rows’ text is shown to the admin alone.'}
      </p>
      {rowsOf && rows.type === 'refused' ? <p className="mt-2 text-note">{rows.words}</p> : null}
      <div className="figures-box mt-2">
        <table className="figures-table csv-wrong">
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Byte</th>
              <th scope="col">Column</th>
              <th scope="col">Why</th>
              {text ? <th scope="col">As it stands there</th> : null}
            </tr>
          </thead>
          <tbody>
            {shown.map((bad) => (
              <Line key={`${bad.byte} ${bad.reason} ${bad.column}`} bad={bad} rows={text} delimiter={delimiter} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager count={places.length} size={PAGE} page={page} what="places" onPage={setPage} />
    </section>
  )
}

function Line({
  bad,
  rows,
  delimiter,
}: {
  readonly bad: Bad
  readonly rows: Exclude<Rows, { readonly type: 'refused' }> | null
  readonly delimiter: string
}) {
  return (
    <tr>
      <th scope="row">{whole(bad.row)}</th>
      <td data-label="byte">{whole(bad.byte)}</td>
      <td className="words">{bad.column === null ? 'whole row' : <bdi>{bad.column}</bdi>}</td>
      <td className="words">{bad.reason}</td>
      {rows ? (
        <td className="csv-text">
          <RowAsItIs
            text={rows.type === 'rows' ? rows.byRow.get(bad.row) : undefined}
            bad={bad}
            delimiter={delimiter}
          />
        </td>
      ) : null}
    </tr>
  )
}
