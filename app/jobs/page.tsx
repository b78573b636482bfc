import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { membersOnly } from '../visitor.ts'
import { JobList } from './job-list.tsx'
import { pictured } from './pictured.ts'

export const metadata: Metadata = { title: 'Jobs', description: 'What this pool computes and has computed.' }

const SHOWN = 50

export default async function Jobs() {
  await membersOnly()
  const [now, page] = await Promise.all([api().now(), api().jobs({ limit: SHOWN })])
  return (
    <Sheet here="/jobs" devices={now.devices}>
      <h1>Jobs</h1>
      <JobList initial={page.items} pictured={pictured} more={page.next !== null} />
    </Sheet>
  )
}
