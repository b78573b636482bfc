'use client'
import Link from 'next/link'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { bytes, count, whole } from '../../../components/words/count.ts'
import { Time } from '../../../components/words/time.tsx'
import type { FileView } from '../../../protocol/api.ts'

/** What a kind makes of a file, as a link. */
export interface Offer {
  readonly kind: string
  readonly words: string
}

/** Files of the pool, newest first. */
export function FileList({
  files,
  offers,
  onGone,
}: {
  readonly files: readonly FileView[]
  readonly offers: readonly Offer[]
  readonly onGone: () => void
}) {
  return (
    <table className="files">
      <caption className="sr-only">{count(files.length, 'file')}</caption>
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Size</th>
          <th scope="col">Rows</th>
          <th scope="col">Uploaded</th>
          <th scope="col">
            <span className="sr-only">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr key={file.id}>
            <th scope="row">
              <span className="file-name">{file.name}</span>
              <Notes file={file} />
              <Uses file={file} />
            </th>
            <td className="figures">{bytes(file.storedBytes)}</td>
            <td className="figures" data-label={file.rows === 1 ? 'row' : 'rows'}>
              {whole(file.rows)}
            </td>
            <td>
              <Time at={file.createdAt} />
            </td>
            <td className="no-print">
              <span className="file-actions">
                {offers.map(({ kind, words }) => (
                  <Link
                    key={kind}
                    href={`/admin/new?kind=${kind}&file=${file.id}`}
                    prefetch={false}
                    className="do small-do"
                  >
                    {words}
                    <span className="sr-only"> of {file.name}</span>
                  </Link>
                ))}
                <AskButton method="DELETE" path={`files/${file.id}`} confirm="Really delete?" onDone={onGone}>
                  Delete<span className="sr-only"> {file.name}</span>
                </AskButton>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What was done to it on its way here, where that was anything. */
function Notes({ file }: { readonly file: FileView }) {
  const { compression, encoding, replaced } = file
  const notes = [
    ...(compression === 'none' ? [] : [`sent as ${bytes(file.bytes)} of ${compression}`]),
    ...(encoding === 'utf-8' ? [] : [`${ENCODING[encoding]} turned into UTF-8`]),
    ...(replaced === 0 ? [] : [`${count(replaced, 'unreadable character')} replaced by �`]),
  ]
  if (notes.length === 0) return null
  const words = notes.join(', ')
  return <span className="file-note">{`${words.charAt(0).toUpperCase()}${words.slice(1)}.`}</span>
}

const ENCODING: Readonly<Record<FileView['encoding'], string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  latin1: 'Latin-1',
}

const SHOWN = 3

function Uses({ file }: { readonly file: FileView }) {
  const { usedBy } = file
  if (usedBy.length === 0) return null
  const open = usedBy.filter(({ ended }) => !ended)
  // Those that still need it stand first.
  const shown = [...open, ...usedBy.filter(({ ended }) => ended)].slice(0, SHOWN)
  const more = usedBy.length - shown.length
  return (
    <span className="file-note">
      {open.length > 0 ? 'Being read by ' : 'Was read by '}
      {shown.map(({ id, title }, place) => (
        <span key={id}>
          {place > 0 ? ', ' : ''}
          <Link href={`/jobs/${id}`} prefetch={false}>
            {title}
          </Link>
        </span>
      ))}
      {more > 0 ? ` and ${count(more, 'other job')}` : ''}.
    </span>
  )
}
