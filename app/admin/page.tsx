import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { bytes, count } from '../../components/words/count.ts'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { visitor } from '../visitor.ts'
import { AdminJobs, Host, Login, SignOut } from './panel.tsx'

export const metadata: Metadata = { title: 'Admin' }

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Pages of this pool alone: a link must not send the admin elsewhere. */
const within = (next: unknown): string => (typeof next === 'string' && /^\/[a-z]/.test(next) ? next : '/admin')

export default async function Admin({ searchParams }: Props) {
  const next = within((await searchParams)['next'])
  if (!(await visitor()).admin) {
    return (
      <Sheet>
        <Login next={next} />
      </Sheet>
    )
  }
  if (next !== '/admin') redirect(next)
  const [now, jobs, host, disk] = await Promise.all([
    api().now(),
    api().jobs({ limit: 50 }),
    api().host(),
    api().diskUse(),
  ])
  return (
    <Sheet devices={now.devices}>
      <h1>Admin</h1>
      <p className="mt-1 text-quiet">{now.name}: its jobs, its devices and this machine.</p>
      <p className="mt-3">
        {now.devices === 0
          ? 'No device is here yet. Show the code on the big screen and let people scan it.'
          : `${count(now.devices, 'device')} of ${count(now.volunteers, 'person', 'people')} ${now.devices === 1 ? 'is' : 'are'} here, ${count(now.threads, 'core')} in all.`}
      </p>
      <p className="mt-6 flex flex-wrap gap-3">
        <Link href="/admin/new" className="act">
          New job
        </Link>
        <Link href="/admin/devices" className="do">
          Devices
        </Link>
        <Link href="/admin/files" className="do">
          Files
        </Link>
        <Link href="/screen" className="do">
          Big screen
        </Link>
      </p>
      <h2 className="mt-12">Jobs</h2>
      <AdminJobs initial={jobs.items} />
      <Host initial={host} />
      <section className="mt-10">
        <h2>Disk</h2>
        <p className="mt-1">
          Results take {bytes(disk.outputsBytes)}, the database {bytes(disk.databaseBytes)}; {bytes(disk.freeBytes)} are
          free. Deleting a job frees its results.
        </p>
      </section>
      <SignOut />
    </Sheet>
  )
}
