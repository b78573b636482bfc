'use client'
import { useMemo } from 'react'
import type { Answer } from '../../../components/rest/ask.ts'
import { useAsk, useSettled } from '../../../components/rest/use-ask.ts'
import type { AnyKind } from '../../../jobs/define.ts'
import type { Estimate } from '../../../protocol/api.ts'

const SETTLE_MS = 350

export type Estimated =
  | { readonly type: 'asking' }
  | { readonly type: 'told'; readonly estimate: Estimate }
  | { readonly type: 'refused'; readonly words: string; readonly problems: ReadonlyMap<string, string> }

/** What the pool says of params that the schema accepts, asked again whenever they have settled. */
export function useEstimate(kind: AnyKind, params: unknown, place: 'all' | 'host'): Estimated {
  const text = params === undefined ? '' : JSON.stringify({ kind: kind.id, params, devices: place })
  const body = useSettled(text, () => SETTLE_MS)
  const { answer, about } = useAsk<Estimate>(body === '' ? null : 'estimate', { body, keep: true })
  return useMemo(() => {
    // What was said of another kind is not said of this one.
    if (!answer || JSON.parse(about).kind !== kind.id) return { type: 'asking' }
    if (answer.type === 'ok') return { type: 'told', estimate: answer.value }
    return { type: 'refused', words: answer.words, problems: problemsOf(answer.errors) }
  }, [answer, about, kind])
}

/** Messages of the pool by path within the params. */
export function problemsOf(errors: (Answer<never> & { type: 'refused' })['errors']): ReadonlyMap<string, string> {
  return new Map(errors.map(({ path, message }) => [path.replace(/^params\.?/, ''), message]))
}
