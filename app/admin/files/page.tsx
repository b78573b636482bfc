import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../../coordinator/api/index.ts'
import { kinds } from '../../../jobs/index.ts'
import { MAX_FILE_BYTES } from '../../../protocol/limits.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { adminOnly } from '../../visitor.ts'
import { FilesDesk } from './desk.tsx'

export const metadata: Metadata = { title: 'Files' }

/** What can be computed from a file, by any kind that reads one. */
const offers = kinds.flatMap(({ id, summary, input }) =>
  input?.naming ? [{ kind: id, words: input.offer ?? summary }] : [],
)

export default async function Files() {
  await adminOnly('/admin/files')
  const [now, files, uploads, hostFolder] = await Promise.all([
    api().now(),
    api().files(),
    api().uploads(),
    api().hostFolder(),
  ])
  return (
    <Sheet devices={now.devices}>
      <p className="no-print text-small">
        <Link href="/admin">Admin</Link>
      </p>
      <h1>Files</h1>
      <FilesDesk files={files} uploads={uploads} offers={offers} hostFolder={hostFolder} mostBytes={MAX_FILE_BYTES} />
    </Sheet>
  )
}
