import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../../coordinator/api/index.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { adminOnly } from '../../visitor.ts'
import { NewJob } from './new-job.tsx'

export const metadata: Metadata = { title: 'New job' }

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** `?kind=K` shows one kind, `&file=ID` with one of the pool's files as what it reads. */
export default async function New({ searchParams }: Props) {
  const asked = Object.entries(await searchParams).filter(
    (entry): entry is [string, string] => ['kind', 'file'].includes(entry[0]) && typeof entry[1] === 'string',
  )
  const { kind, file }: { kind?: string; file?: string } = Object.fromEntries(asked)
  const query = new URLSearchParams(asked).toString()
  await adminOnly(query ? `/admin/new?${query}` : '/admin/new')
  const now = await api().now()
  return (
    <Sheet devices={now.devices} wide>
      <p className="no-print flex flex-wrap gap-x-4 text-small">
        <Link href="/admin">Admin</Link>
        {kind === undefined ? null : <Link href="/admin/new">Another kind of job</Link>}
      </p>
      <h1>New job</h1>
      <p className="mt-1 text-quiet">Choose what the devices of this pool compute.</p>
      <NewJob key={query} now={now} kind={kind} file={file} />
    </Sheet>
  )
}
