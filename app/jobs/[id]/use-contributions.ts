'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import type { ContributionView, JobView } from '../../../protocol/api.ts'
import { ask } from '../../rest/ask.ts'

/** Who did what changes with every accepted task; asking this often is live enough for a table. */
const EVERY_MS = 2_000

export function useContributions(job: JobView, initial: readonly ContributionView[]): readonly ContributionView[] {
  const [shares, setShares] = useState(initial)
  const [askedFor, setAskedFor] = useState(job.tasksDone)
  const fetchThem = useEffectEvent(async () => {
    const upTo = job.tasksDone
    const answer = await ask<{ readonly items: readonly ContributionView[] }>('GET', `jobs/${job.id}/contributions`)
    if (answer.type === 'ok') setShares(answer.value.items)
    setAskedFor(upTo)
  })
  // Only that something is new starts the clock: a newer count must not start it again, or a busy job would wait for ever.
  const stale = askedFor !== job.tasksDone
  useEffect(() => {
    if (!stale) return
    const timer = setTimeout(() => fetchThem(), EVERY_MS)
    return () => clearTimeout(timer)
  }, [stale])
  return shares
}
