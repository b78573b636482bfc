'use client'
import { useCallback, useEffect, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { FileView } from '../../../protocol/api.ts'

export type PoolFiles =
  | { readonly type: 'asking' }
  | { readonly type: 'known'; readonly files: readonly FileView[] }
  | { readonly type: 'refused'; readonly words: string }

/** The pool's files, newest first; `look` asks again. */
export function useFiles(): { readonly found: PoolFiles; readonly look: () => void } {
  const [found, setFound] = useState<PoolFiles>({ type: 'asking' })
  const look = useCallback(async () => {
    const answer = await ask<{ readonly items: readonly FileView[] }>('GET', 'files')
    setFound(answer.type === 'ok' ? { type: 'known', files: answer.value.items } : answer)
  }, [])
  useEffect(() => {
    look()
  }, [look])
  return { found, look }
}
