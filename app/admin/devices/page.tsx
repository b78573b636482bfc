import type { Metadata } from 'next'
import Link from 'next/link'
import { api } from '../../../coordinator/api/index.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { adminOnly } from '../../visitor.ts'
import { DeviceTable } from './device-table.tsx'

export const metadata: Metadata = { title: 'Devices' }

const MOST = 500

export default async function Devices() {
  await adminOnly('/admin/devices')
  const [now, about, page] = await Promise.all([api().now(), api().about(), api().devices({ limit: MOST })])
  return (
    <Sheet devices={now.devices} wide>
      <p className="no-print text-small">
        <Link href="/admin">Admin</Link>
      </p>
      <h1>Devices</h1>
      <p className="mt-1 text-quiet">Every device of this pool and the person it belongs to.</p>
      <DeviceTable initial={page.items} more={page.next !== null} />
      {about.agentCommand === null ? null : (
        <section className="no-print mt-12">
          <h2>Lend a machine without a browser</h2>
          <p className="mt-1">
            A Raspberry Pi, a server: with Node 20.19 or newer, one line in its terminal lends all its cores. Add{' '}
            <code>--help</code> for fewer cores, a name, or to start it with the machine.
          </p>
          <pre className="command mt-2">{about.agentCommand}</pre>
        </section>
      )}
    </Sheet>
  )
}
