'use client'
import Link from 'next/link'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { bytes, count, whole } from '../../../components/words/count.ts'
import { Time } from '../../../components/words/time.tsx'
import type { FileView, UploadView } from '../../../protocol/api.ts'
import { ArrivalsList, useArrivals } from './arrivals.tsx'
import { DropArea, HostFile, type HostFolder } from './bring-in.tsx'
import { send } from './sending.ts'

/** Where files come in, and the files that are here. */
export function FilesDesk({
  files: filesNow,
  uploads: uploadsNow,
  offers,
  hostFolder,
  mostBytes,
}: {
  readonly files: readonly FileView[]
  readonly uploads: readonly UploadView[]
  readonly offers: readonly Offer[]
  readonly hostFolder: HostFolder | null
  readonly mostBytes: number
}) {
  const { files, sendings, uploads, lost, latest, look } = useArrivals({ files: filesNow, uploads: uploadsNow })
  return (
    <>
      <DropArea onFiles={send}>
        CSV files of up to {mostBytes / 1e9} GB, plain or packed with gzip or zstd. They stay on this machine; a job
        sends pieces of them to the devices that compute it.
      </DropArea>
      <p role="status" className="mt-4 empty:hidden">
        {latest ? `${latest.name} is here: ${count(latest.rows, 'row')}.` : ''}
      </p>
      <ArrivalsList sendings={sendings} uploads={uploads} lost={lost} look={look} />
      <section className="mt-10" aria-labelledby="here">
        <h2 id="here">In this pool</h2>
        {files.length === 0 ? (
          <p className="mt-1 text-quiet">No file yet. Choose one above; then everyone’s devices can compute from it.</p>
        ) : (
          <FileList files={files} offers={offers} onGone={look} />
        )}
      </section>
      <HostFile folder={hostFolder} look={look} />
    </>
  )
}

/** What a kind makes of a file, as a link. */
interface Offer {
  readonly kind: string
  readonly words: string
}

/** Files of the pool, newest first. */
function FileList({
  files,
  offers,
  onGone,
}: {
  readonly files: readonly FileView[]
  readonly offers: readonly Offer[]
  readonly onGone: () => void
}) {
  return (
    <Table
      look="files"
      caption={<caption className="sr-only">{count(files.length, 'file')}</caption>}
      rows={files}
      keyOf={({ id }) => id}
      columns={[
        {
          head: 'File',
          cell: (file) => (
            <>
              <span className="file-name">{file.name}</span>
              <Notes file={file} />
              <Uses file={file} />
            </>
          ),
        },
        { head: 'Size', cell: ({ storedBytes }) => bytes(storedBytes), td: { className: 'figures' } },
        {
          head: 'Rows',
          label: ({ rows }) => (rows === 1 ? 'row' : 'rows'),
          cell: ({ rows }) => whole(rows),
          td: { className: 'figures' },
        },
        { head: 'Uploaded', cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          head: <span className="sr-only">What to do</span>,
          cell: (file) => <Actions file={file} offers={offers} onGone={onGone} />,
          td: { className: 'no-print' },
        },
      ]}
    />
  )
}

function Actions({
  file,
  offers,
  onGone,
}: {
  readonly file: FileView
  readonly offers: readonly Offer[]
  readonly onGone: () => void
}) {
  return (
    <span className="file-actions">
      {offers.map(({ kind, words }) => (
        <Link key={kind} href={`/admin/new?kind=${kind}&file=${file.id}`} prefetch={false} className="do small-do">
          {words}
          <span className="sr-only"> of {file.name}</span>
        </Link>
      ))}
      <AskButton method="DELETE" path={`files/${file.id}`} confirm="Really delete?" onDone={onGone}>
        Delete<span className="sr-only"> {file.name}</span>
      </AskButton>
    </span>
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
