'use client'
import { useState } from 'react'
import { Choice } from '../../../components/controls/fields.tsx'
import { Pager, Table } from '../../../components/controls/table.tsx'
import { whole } from '../../../components/words/count.ts'
import { RowAsItIs, useRows } from './rows.tsx'
import { placesOf, type Trouble } from './troubles.ts'
import { counted } from './words.tsx'

const PAGE = 20
const EVERYTHING = ''

/** The rows to look at, one by one: where, in which column, why. Their text only of a job whose file may be seen. */
export function Wrong({
  troubles,
  job,
  delimiter,
}: {
  readonly troubles: readonly Trouble[]
  readonly job: string | null
  readonly delimiter: string
}) {
  const placed = troubles.filter(({ places }) => places.length > 0)
  const harmful = placed.filter(({ harmless }) => !harmless)
  const [kind, setKind] = useState(harmful.length > 0 ? EVERYTHING : (placed[0]?.id ?? EVERYTHING))
  const [page, setPage] = useState(0)
  const chosen = kind === EVERYTHING ? harmful : placed.filter(({ id }) => id === kind)
  const places = placesOf(chosen)
  const shown = places.slice(page * PAGE, (page + 1) * PAGE)
  const rows = useRows(job, shown)
  if (placed.length === 0) return null
  const texts = new Map(rows?.type === 'ok' ? rows.value.items.map((one) => [one.row, one]) : [])
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
        {job ? '' : 'The rows’ text is shown to the admin alone.'}
      </p>
      {rows?.type === 'refused' ? <p className="mt-2 text-note">{rows.words}</p> : null}
      <Table
        className="csv-wrong mt-2"
        rows={shown}
        keyOf={({ byte, reason, column }) => `${byte} ${reason} ${column}`}
        columns={[
          { head: 'Row', cell: ({ row }) => whole(row) },
          { head: 'Byte', label: 'byte', cell: ({ byte }) => whole(byte) },
          {
            head: 'Column',
            cell: ({ column }) => (column === null ? 'whole row' : <bdi>{column}</bdi>),
            td: { className: 'words' },
          },
          { head: 'Why', cell: ({ reason }) => reason, td: { className: 'words' } },
          job !== null &&
            rows?.type !== 'refused' && {
              head: 'As it stands there',
              cell: (bad) => <RowAsItIs text={texts.get(bad.row)} bad={bad} delimiter={delimiter} />,
              td: { className: 'csv-text' },
            },
        ]}
      />
      <Pager count={places.length} size={PAGE} page={page} what="places" onPage={setPage} />
    </section>
  )
}
