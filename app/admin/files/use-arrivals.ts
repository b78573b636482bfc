'use client'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { ask } from '../../../components/rest/ask.ts'
import type { FileView, UploadView } from '../../../protocol/api.ts'
import { drop, getSendings, NOTHING_SENT, onSendings, type Sending } from './sending.ts'

/** While the pool reads something, and while somebody waits to hear that it began. */
const LOOK_MS = 600

export interface Arrivals {
  readonly files: readonly FileView[]
  /** What this tab sends. */
  readonly sendings: readonly Sending[]
  /** What the pool knows besides: sent by others or before, read in now, or refused. */
  readonly uploads: readonly Exclude<UploadView, { state: 'kept' }>[]
  /** The pool did not answer when it was asked last. */
  readonly lost: boolean
  /** The last that has become a file while one watched. */
  readonly latest: FileView | null
  look(): void
}

/** Files and what is on its way to become one, followed while something moves. */
export function useArrivals(initial: {
  readonly files: readonly FileView[]
  readonly uploads: readonly UploadView[]
}): Arrivals {
  const [files, setFiles] = useState(initial.files)
  const [uploads, setUploads] = useState(initial.uploads)
  const [lost, setLost] = useState(false)
  const [latest, setLatest] = useState<FileView | null>(null)
  const sendings = useSyncExternalStore(onSendings, getSendings, () => NOTHING_SENT)
  const kept = useRef(new Set(initial.uploads.flatMap((one) => (one.state === 'kept' ? [one.id] : []))))

  const look = useCallback(async () => {
    const [allUploads, allFiles] = await Promise.all([
      ask<{ readonly items: readonly UploadView[] }>('GET', 'uploads'),
      ask<{ readonly items: readonly FileView[] }>('GET', 'files'),
    ])
    const answered = allUploads.type === 'ok' && allFiles.type === 'ok'
    setLost(!answered)
    if (!answered) return
    const { items } = allUploads.value
    setUploads(items)
    setFiles(allFiles.value.items)
    for (const one of items) {
      if (one.state !== 'kept' || kept.current.has(one.id)) continue
      kept.current.add(one.id)
      setLatest(allFiles.value.items.find(({ id }) => id === one.file) ?? null)
    }
    // From here on the pool tells of what was sent.
    for (const { key, id, state } of getSendings())
      if (state === 'sent' && items.some((one) => one.id === id)) drop(key)
  }, [])

  const moving = sendings.some(({ state }) => state === 'sent') || uploads.some(({ state }) => state === 'importing')
  useEffect(() => {
    if (!moving) return
    void look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [moving, look])

  const sent = new Set(sendings.map(({ id }) => id))
  const others = uploads.filter((one) => one.state !== 'kept').filter(({ id }) => !sent.has(id))
  return { files, sendings, uploads: others, lost, latest, look }
}
