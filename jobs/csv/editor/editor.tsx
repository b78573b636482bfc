'use client'
import { useEffect, useMemo, useState } from 'react'
import { problemAt } from '../../../components/controls/fields.tsx'
import type { EditorProps } from '../../../components/kind-view.ts'
import { useAsk } from '../../../components/rest/use-ask.ts'
import { ANY_FILE } from '../index.ts'
import type { CsvParams } from '../params.ts'
import { Columns } from './columns.tsx'
import { AFRESH, chosenColumns, type Draft, draftOf, paramsOf, priceLike, readingOf } from './draft.ts'
import { FileChoice, type PoolFiles } from './file-choice.tsx'
import { Questions } from './questions.tsx'
import { Reading } from './reading.tsx'
import { RowsTable } from './table.tsx'
import { usePreview } from './use-preview.tsx'

/** A file looked at before it is computed: which one, how it is read, which columns, what of them. */
export function Editor({ initial, onChange, problems }: EditorProps<CsvParams>) {
  const [draft, setDraft] = useState(() => begin(initial))
  useEffect(() => setDraft((before) => begin(initial, before)), [initial])
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))

  const { answer: found, again: lookForFiles } = useAsk<PoolFiles>('files', { keep: true })
  const newest = found?.type === 'ok' ? (found.value.items[0]?.id ?? '') : ''
  const file = draft.file === '' ? newest : draft.file
  const { seen, busy, again } = usePreview(file, readingOf(draft))
  const refused = seen.type === 'refused'
  // The list may be older than what became of the file.
  useEffect(() => {
    if (refused) lookForFiles()
  }, [refused, lookForFiles])
  const look = seen.type === 'seen' ? seen : null
  const preview = look?.preview ?? null
  const chosen = useMemo(() => (preview ? chosenColumns(draft, preview) : []), [draft, preview])

  // Compared as text: another look at the same file is no other wish.
  const wish = JSON.stringify(paramsOf({ ...draft, file }, preview))
  useEffect(() => onChange(JSON.parse(wish)), [wish, onChange])

  const problem = problemAt(problems)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <FileChoice
        file={file}
        found={found}
        seen={seen}
        problem={file === '' ? undefined : problem('file')}
        onChange={(file) => change({ ...AFRESH, file })}
        onAgain={again}
      />
      {look && preview ? (
        <>
          <div className="csv-sides">
            <RowsTable preview={preview} chosen={chosen} busy={busy} />
            <Reading draft={draft} look={look} problem={problem} onChange={change} />
          </div>
          <Columns
            preview={preview}
            chosen={chosen}
            problem={problem('columns')}
            onChange={(columns) => change({ columns })}
          />
          <Questions draft={draft} prices={priceLike(preview)} problem={problem} onChange={change} />
        </>
      ) : null}
    </div>
  )
}

/** Ready-made params name no file: the one chosen before stays. */
function begin(params: CsvParams, before?: Draft): Draft {
  const draft = draftOf(params, before)
  return params.file === ANY_FILE ? { ...draft, file: before?.file ?? '' } : draft
}
