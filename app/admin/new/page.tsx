import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../../coordinator/api/index.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { adminOnly } from '../../visitor.ts'
import { NewJob } from './new-job.tsx'

export const metadata: Metadata = { title: 'Compute something' }

export default async function New() {
  await adminOnly('/admin/new')
  const now = await api().now()
  return (
    <Sheet devices={now.devices} wide>
      <p className="no-print text-small">
        <Link href="/admin">Run the pool</Link>
      </p>
      <h1>What shall the pool compute?</h1>
      <NewJob devices={now.devices} />
    </Sheet>
  )
}
