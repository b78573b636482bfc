'use client'
import { useMemo } from 'react'
import { useAsk, useSettled } from '../../../components/rest/use-ask.ts'
import type { FilePreview } from '../../../protocol/api.ts'
import type { CsvPreview } from '../preview.ts'
import { understood } from './draft.ts'

const SETTLE_MS = 250

export interface Look {
  readonly type: 'seen'
  readonly file: FilePreview['file']
  readonly preview: CsvPreview
  readonly passSeconds: number | undefined
}
export type Seen = Look | { readonly type: 'nothing' } | { readonly type: 'refused'; readonly words: string }

/** The beginning of a file as it would be read, asked for again whenever that has settled. The last answer stays meanwhile. */
export function usePreview(
  file: string,
  reading: Readonly<Record<string, unknown>>,
): { readonly seen: Seen; readonly busy: boolean; readonly again: () => void } {
  const start = `files/${encodeURIComponent(file)}/`
  const path = `${start}preview?kind=csv&params=${encodeURIComponent(JSON.stringify(understood(reading)))}`
  // Another file is looked at right away.
  const settled = useSettled(path, (before) => (before.startsWith(start) ? SETTLE_MS : 0))
  const { answer, about, busy, again } = useAsk<FilePreview>(file === '' ? null : settled, { keep: true })
  const seen = useMemo((): Seen => {
    if (!answer || !about.startsWith(start)) return { type: 'nothing' }
    if (answer.type === 'refused') return answer
    const { preview, passSeconds, file: facts } = answer.value
    return { type: 'seen', file: facts, preview: preview as CsvPreview, passSeconds }
  }, [answer, about, start])
  return { seen, busy: busy || path !== settled, again }
}
