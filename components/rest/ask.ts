import type { Problem } from '../../protocol/api.ts'

// The pages' way to /api/v1: an answer or a refusal in words, never an exception.

export type Answer<Value> =
  | { readonly type: 'ok'; readonly value: Value }
  | {
      readonly type: 'refused'
      readonly status: number
      readonly words: string
      readonly errors: NonNullable<Problem['errors']>
    }

const refused = (status: number, words: string, errors: NonNullable<Problem['errors']> = []) =>
  ({ type: 'refused', status, words, errors }) as const

/** `path` without `/api/v1/`. A 204 answers undefined. */
export async function ask<Value>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer<Value>> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  try {
    const answer = await fetch(`/api/v1/${path}`, { method, cache: 'no-store', ...init })
    if (answer.status === 204) return { type: 'ok', value: undefined as Value }
    const content = (await answer.json().catch(() => null)) as unknown
    if (answer.ok) return { type: 'ok', value: content as Value }
    const problem = content as Partial<Problem> | null
    return refused(answer.status, problem?.detail ?? `The pool answered with ${answer.status}.`, problem?.errors ?? [])
  } catch {
    return refused(0, 'The pool cannot be reached right now. Nothing was changed; try again in a moment.')
  }
}
