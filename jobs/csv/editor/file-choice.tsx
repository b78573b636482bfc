'use client'
import Link from 'next/link'
import { Choice } from '../../../components/controls/fields.tsx'
import type { Answer } from '../../../components/rest/ask.ts'
import { bytes, count } from '../../../components/words/count.ts'
import type { FileView } from '../../../protocol/api.ts'
import type { Seen } from './use-preview.tsx'
import { encodingWords, writtenWords } from './words.ts'

export interface PoolFiles {
  /** Newest first. */
  readonly items: readonly FileView[]
}

/** Which of the pool's files, and what it is. */
export function FileChoice({
  file,
  found,
  seen,
  problem,
  onChange,
  onAgain,
}: {
  readonly file: string
  /** Undefined until they are known. */
  readonly found: Answer<PoolFiles> | undefined
  readonly seen: Seen
  readonly problem: string | undefined
  readonly onChange: (file: string) => void
  readonly onAgain: () => void
}) {
  const bringIn = (
    <Link href="/admin/files" className="do small-do" prefetch={false}>
      Bring in a file
    </Link>
  )
  const known = found?.type === 'ok' ? found.value.items : null
  if (known?.length === 0 && file === '') {
    return (
      <div className="flex flex-wrap items-center gap-4">
        <p>There is no file in this pool yet. Bring one in, of any size, and look at it here.</p>
        {bringIn}
      </div>
    )
  }
  const files = known ?? []
  const gone = file !== '' && !files.some(({ id }) => id === file)
  return (
    <div>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 max-w-2xl grow basis-72">
          <Choice
            label="File"
            value={file}
            onChange={onChange}
            problem={problem}
            options={[
              ...(file === '' ? [['', 'Choose a file'] as const] : []),
              ...(gone ? [[file, known ? 'A file that is no longer here' : '…'] as const] : []),
              ...files.map(({ id, name, ...its }) => [id, `${name}, ${sizeOf(its)}`] as const),
            ]}
          />
        </div>
        {bringIn}
      </div>
      {found?.type === 'refused' ? <p className="mt-2 text-small text-bad">{found.words}</p> : null}
      {seen.type === 'refused' && problem !== undefined ? null : <Facts seen={seen} onAgain={onAgain} />}
    </div>
  )
}

function Facts({ seen, onAgain }: { readonly seen: Seen; readonly onAgain: () => void }) {
  if (seen.type === 'nothing') return null
  if (seen.type === 'refused') {
    return (
      <p className="mt-3" role="alert">
        <span className="text-bad">{seen.words}</span>{' '}
        <button type="button" className="why" onClick={onAgain}>
          Look again
        </button>
      </p>
    )
  }
  const { file, preview } = seen
  const columns = preview.columns.length + preview.moreColumns
  return (
    <p className="mt-3 text-small text-quiet">
      {preview.rows === null ? '' : `${count(preview.rows, 'row')} of `}
      {count(columns, 'column')}. {encodingWords(file)} {writtenWords(preview)}
    </p>
  )
}

function sizeOf({ storedBytes, rows }: { readonly storedBytes: number; readonly rows: number }): string {
  return `${bytes(storedBytes)}, ${count(rows, 'row')}`
}
