'use client'
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import useSWR from 'swr'
import { type Answer, ask } from './ask.ts'

// What pages fetch and show again. SWR keeps the answers by question, asks once where several parts of a page ask the same,
// and lets the last question win; here is only what the pool's API adds to that: refusals in words, and when to ask again.

/** Pages ask when a person or the pool gives a reason to, not whenever a window comes to the front. */
export const ON_REASON = { revalidateOnFocus: false, revalidateOnReconnect: false, shouldRetryOnError: false } as const

interface Asked<Value> {
  /** Undefined until the first answer came. */
  readonly answer: Answer<Value> | undefined
  /** The question that answered, its body or else its path; with `keep` perhaps another than the one asked now. */
  readonly about: string
  /** An answer is on its way. */
  readonly busy: boolean
  readonly again: () => void
}

/**
 * What the pool answers, asked again whenever the question changes.
 * @param path as `ask` has it; null asks nothing
 * @param keep the last answer stays until the next one is there
 * @param body makes it a POST that changes nothing
 */
export function useAsk<Value>(
  path: string | null,
  { keep = false, body }: { readonly keep?: boolean; readonly body?: string } = {},
): Asked<Value> {
  const { data, isValidating, mutate } = useSWR(
    path === null ? null : [path, body ?? ''],
    async ([to, text]) => ({
      about: text || to,
      answer: await (text === '' ? ask<Value>('GET', to) : ask<Value>('POST', to, JSON.parse(text))),
    }),
    { ...ON_REASON, keepPreviousData: keep },
  )
  const again = useCallback(() => void mutate(), [mutate])
  return { answer: data?.answer, about: data?.about ?? '', busy: isValidating, again }
}

/** What changes with every accepted task is asked for this often at most: live enough to read. */
const EVERY_MS = 2_000

/**
 * What the pool answers, asked again some time after `version` changed, however often it changes: a busy job must not put it
 * off for ever. Undefined until it was asked; a refusal leaves the last answer.
 * @param known the version that is on the page already; null: none
 */
export function useFollowed<Value>(path: string, version: number, known: number | null): Value | undefined {
  const [asked, setAsked] = useState(known)
  const { data, mutate } = useSWR(['followed', path], () => fetchValue<Value>(path), {
    ...ON_REASON,
    revalidateOnMount: false,
    revalidateIfStale: false,
  })
  const go = useEffectEvent(async () => {
    await mutate().catch(() => {})
    setAsked(version)
  })
  const stale = asked !== version
  const first = asked === null
  useEffect(() => {
    if (!stale) return
    const timer = setTimeout(() => go(), first ? 0 : EVERY_MS)
    return () => clearTimeout(timer)
  }, [stale, first])
  return asked === known ? undefined : data
}

/** Throws where the pool refuses: SWR then keeps what it had. */
export async function fetchValue<Value>(path: string): Promise<Value> {
  const answer = await ask<Value>('GET', path)
  if (answer.type === 'ok') return answer.value
  throw new Error(answer.words)
}

/** A value once it has not changed for a while: a hand still moving is not asked about. */
export function useSettled<Value>(value: Value, waitMs: (before: Value) => number): Value {
  const [settled, setSettled] = useState(value)
  const wait = waitMs(settled)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return settled
}
