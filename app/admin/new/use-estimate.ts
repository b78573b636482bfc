'use client'
import { useEffect, useState } from 'react'
import { type Answer, ask } from '../../../components/rest/ask.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import type { Estimate } from '../../../protocol/api.ts'

/** A hand still moving is not asked about. */
const SETTLE_MS = 350

export type Estimated =
  | { readonly type: 'asking' }
  | { readonly type: 'told'; readonly estimate: Estimate }
  | { readonly type: 'refused'; readonly words: string; readonly problems: ReadonlyMap<string, string> }

/** What the pool says of params that the schema accepts, asked again whenever they have settled. */
export function useEstimate(kind: AnyKind, params: unknown, place: 'all' | 'host'): Estimated {
  const [estimated, setEstimated] = useState<Estimated>({ type: 'asking' })
  const text = params === undefined ? null : JSON.stringify({ kind: kind.id, params, devices: place })
  // What was said of another kind is not said of this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the kind is what it is about
  useEffect(() => setEstimated({ type: 'asking' }), [kind])
  useEffect(() => {
    if (text === null) return
    let over = false
    const timer = setTimeout(async () => {
      const answer = await ask<Estimate>('POST', 'estimate', JSON.parse(text))
      if (over) return
      setEstimated(
        answer.type === 'ok'
          ? { type: 'told', estimate: answer.value }
          : { type: 'refused', words: answer.words, problems: problemsOf(answer.errors) },
      )
    }, SETTLE_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [text])
  return estimated
}

/** Messages of the pool by path within the params. */
export function problemsOf(errors: (Answer<never> & { type: 'refused' })['errors']): ReadonlyMap<string, string> {
  return new Map(errors.map(({ path, message }) => [path.replace(/^params\.?/, ''), message]))
}
