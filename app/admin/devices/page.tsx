import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../../coordinator/api/index.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { adminOnly } from '../../visitor.ts'
import { DeviceTable } from './device-table.tsx'

export const metadata: Metadata = { title: 'Devices and people' }

const MOST = 500

export default async function Devices() {
  await adminOnly('/admin/devices')
  const [now, page] = await Promise.all([api().now(), api().devices({ limit: MOST })])
  return (
    <Sheet devices={now.devices} wide>
      <p className="no-print text-small">
        <Link href="/admin">Run the pool</Link>
      </p>
      <h1>Devices and people</h1>
      <DeviceTable initial={page.items} more={page.next !== null} />
    </Sheet>
  )
}
