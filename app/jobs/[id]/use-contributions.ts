'use client'
import { useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { ContributionView, JobView } from '../../../protocol/api.ts'
import { useNews } from '../../live/use-news.ts'

/** Who did what, from the server's first answer on. */
export function useContributions(job: JobView, initial: readonly ContributionView[]): readonly ContributionView[] {
  const [shares, setShares] = useState(initial)
  const [known] = useState(job.tasksDone)
  useNews(job.tasksDone, known, async () => {
    const answer = await ask<{ readonly items: readonly ContributionView[] }>('GET', `jobs/${job.id}/contributions`)
    if (answer.type === 'ok') setShares(answer.value.items)
  })
  return shares
}
