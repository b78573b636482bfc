'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { FilePreview } from '../../../protocol/api.ts'
import type { CsvPreview } from '../preview.ts'
import { understood } from './draft.ts'

/** A hand still moving is not asked about. */
const SETTLE_MS = 250

export interface Look {
  readonly type: 'seen'
  /** Which file this is about; another one may have been chosen meanwhile. */
  readonly of: string
  readonly file: FilePreview['file']
  readonly preview: CsvPreview
  readonly passSeconds: number | undefined
}
export type Seen = Look | { readonly type: 'nothing' } | { readonly type: 'refused'; readonly words: string }

const NOTHING: Seen = { type: 'nothing' }

/** The beginning of a file as it would be read, asked for again whenever that has settled. The last answer stays meanwhile. */
export function usePreview(
  file: string,
  reading: Readonly<Record<string, unknown>>,
): { readonly seen: Seen; readonly busy: boolean; readonly again: () => void } {
  const [seen, setSeen] = useState<Seen>(NOTHING)
  const [busy, setBusy] = useState(false)
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((before) => before + 1), [])
  const asked = useRef('')
  const text = JSON.stringify(understood(reading))

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is how the same question is asked again
  useEffect(() => {
    if (file === '') return setSeen(NOTHING)
    let over = false
    setBusy(true)
    const settleMs = asked.current === file ? SETTLE_MS : 0
    asked.current = file
    const timer = setTimeout(async () => {
      const answer = await ask<FilePreview>(
        'GET',
        `files/${encodeURIComponent(file)}/preview?kind=csv&params=${encodeURIComponent(text)}`,
      )
      if (over) return
      setBusy(false)
      if (answer.type === 'refused') return setSeen(answer)
      const { preview, passSeconds, file: about } = answer.value
      setSeen({ type: 'seen', of: file, file: about, preview: preview as CsvPreview, passSeconds })
    }, settleMs)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [file, text, round])
  return { seen: seen.type === 'seen' && seen.of !== file ? NOTHING : seen, busy, again }
}
