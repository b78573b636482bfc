'use client'
import { useId, useMemo, useState } from 'react'
import { whole } from '../../../components/words/count.ts'
import { MOST_COLUMNS } from '../params.ts'
import type { CsvPreview } from '../preview.ts'
import { candidates, numericOf } from './draft.ts'
import { TYPES } from './words.ts'

/** Beyond this one searches. */
const AT_A_GLANCE = 12
const SHOWN = 120

/** Which columns are computed. With many of them one searches; with more than are listed, one names them. */
export function Columns({
  preview,
  chosen,
  problem,
  onChange,
}: {
  readonly preview: CsvPreview
  readonly chosen: readonly string[]
  readonly problem: string | undefined
  readonly onChange: (columns: readonly string[]) => void
}) {
  const id = useId()
  const [search, setSearch] = useState('')
  const all = useMemo(() => candidates(preview), [preview])
  const numeric = useMemo(() => numericOf(preview), [preview])
  const picked = useMemo(() => new Set(chosen), [chosen])
  const listed = useMemo(() => new Set(all.map(({ name }) => name)), [all])
  const wanted = search.trim().toLowerCase()
  const found = useMemo(
    () => (wanted === '' ? all : all.filter(({ name }) => name.toLowerCase().includes(wanted))),
    [all, wanted],
  )
  const unlisted = chosen.filter((name) => !listed.has(name)).map((name) => ({ name, type: null }))
  const many = all.length + preview.moreColumns
  const addable = preview.moreColumns > 0 && search !== '' && !listed.has(search) && !picked.has(search)
  const toggle = (name: string) => {
    if (picked.has(name)) return onChange(chosen.filter((one) => one !== name))
    const next = new Set([...chosen, name])
    // In the order of the file; those beyond the list last.
    onChange([...all.map((one) => one.name).filter((one) => next.delete(one)), ...next])
  }
  if (many === 0) return null
  return (
    <fieldset aria-describedby={problem ? `${id}-problem` : undefined}>
      <legend className="font-semibold">Columns to compute</legend>
      <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="grow text-small text-quiet">
          {whole(chosen.length)} of {whole(many)} chosen. At most {MOST_COLUMNS.all} for every statistic,{' '}
          {MOST_COLUMNS.extremes} for lowest and highest.
        </p>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="do small-do" onClick={() => onChange(all.map(({ name }) => name))}>
            All
          </button>
          <button type="button" className="do small-do" onClick={() => onChange(numeric)}>
            Those with numbers
          </button>
          <button type="button" className="do small-do" onClick={() => onChange([])}>
            None
          </button>
        </div>
      </div>
      {many > AT_A_GLANCE ? (
        <div className="mt-3 flex flex-wrap gap-2">
          <input
            type="search"
            className="field small-field max-w-sm"
            aria-label="Search columns by name"
            placeholder="Search by name"
            autoComplete="off"
            spellCheck={false}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            // Looking for a column is not running the job.
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          />
          {addable ? (
            <button type="button" className="do small-do" onClick={() => onChange([...chosen, search])}>
              Add “{search}”
            </button>
          ) : null}
        </div>
      ) : null}
      <ul className="csv-columns">
        {[...unlisted, ...found.slice(0, SHOWN)].map(({ name, type }) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={picked.has(name)}
                aria-invalid={problem !== undefined}
                onChange={() => toggle(name)}
              />
              <bdi className="csv-name" title={name}>
                {name}
              </bdi>
              {type === null || type === 'number' ? null : <span className="text-quiet">{TYPES[type]}</span>}
            </label>
          </li>
        ))}
      </ul>
      {found.length > SHOWN || (preview.moreColumns > 0 && wanted !== '') ? (
        <p className="mt-2 text-small text-quiet">
          {found.length > SHOWN ? `${whole(found.length - SHOWN)} more: search for them by name.` : ''}
          {preview.moreColumns > 0 ? ` Beyond the first ${whole(preview.columns.length)}, type the whole name.` : ''}
        </p>
      ) : null}
      {problem ? (
        <p id={`${id}-problem`} className="mt-2 text-small text-bad" role="alert">
          {problem}
        </p>
      ) : null}
    </fieldset>
  )
}
