'use client'
import { count } from '../../../components/words/count.ts'
import type { FileView, UploadView } from '../../../protocol/api.ts'
import { ArrivalsList } from './arrivals-list.tsx'
import { DropArea } from './drop-area.tsx'
import { FileList, type Offer } from './file-list.tsx'
import { HostFile } from './host-file.tsx'
import { send } from './sending.ts'
import { useArrivals } from './use-arrivals.ts'

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
  readonly hostFolder: { readonly path: string; readonly files: readonly string[] } | null
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
      <HostFile folder={hostFolder} onBegin={look} onTaken={look} />
    </>
  )
}
