import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { api, isApiProblem } from '../../../coordinator/api/index.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import { kinds } from '../../../jobs/index.ts'
import type { JobView } from '../../../protocol/api.ts'
import type { JobId } from '../../../protocol/ids.ts'
import { Sheet } from '../../identity/sheet.tsx'
import { membersOnly, visitor } from '../../visitor.ts'
import type { FormView } from './job-page.tsx'
import { JobPage } from './job-page.tsx'

/** What may be downloaded of a result of these params. */
function formsOf({ formats }: AnyKind, params: unknown): readonly FormView[] {
  return Object.entries(formats).flatMap(([form, { extension, label, given }]) =>
    given?.(params) === false ? [] : [{ form, label: label ?? `Download ${extension.toUpperCase()}` }],
  )
}

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

const findJob = cache(async (id: string): Promise<JobView> => {
  try {
    return await api().job(id as JobId)
  } catch (error) {
    if (isApiProblem(error) && error.status === 404) notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await membersOnly()
  return { title: (await findJob((await params).id)).title }
}

export default async function JobById({ params }: Props) {
  await membersOnly()
  const { admin } = await visitor()
  const job = await findJob((await params).id)
  const kind = kinds.find((one) => one.id === job.kind)
  const [now, contributions] = await Promise.all([api().now(), api().contributions(job.id)])
  return (
    <Sheet here="/jobs" devices={now.devices} people={contributions.map((one) => one.volunteer.id)} wide>
      <JobPage
        initial={job}
        contributions={contributions}
        size={kind?.picture?.size(job.params) ?? null}
        forms={kind ? formsOf(kind, job.params) : []}
        admin={admin}
      />
    </Sheet>
  )
}
