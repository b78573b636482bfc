'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import useSWR from 'swr'
import { fetchValue, ON_REASON } from '../../../components/rest/use-ask.ts'
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

interface Known {
  readonly files: readonly FileView[]
  readonly uploads: readonly UploadView[]
}

/** Both at once: an upload that was kept is among the files. */
async function fetchKnown(): Promise<Known> {
  const [uploads, files] = await Promise.all([
    fetchValue<{ readonly items: readonly UploadView[] }>('uploads'),
    fetchValue<{ readonly items: readonly FileView[] }>('files'),
  ])
  return { uploads: uploads.items, files: files.items }
}

/** Files and what is on its way to become one, followed while something moves. */
export function useArrivals(initial: Known): Arrivals {
  const { data, error, mutate } = useSWR('arrivals', fetchKnown, { ...ON_REASON, fallbackData: initial })
  const { files, uploads } = data
  const [latest, setLatest] = useState<FileView | null>(null)
  const sendings = useSyncExternalStore(onSendings, getSendings, () => NOTHING_SENT)
  const kept = useRef(new Set(initial.uploads.flatMap((one) => (one.state === 'kept' ? [one.id] : []))))

  useEffect(() => {
    for (const one of uploads) {
      if (one.state !== 'kept' || kept.current.has(one.id)) continue
      kept.current.add(one.id)
      setLatest(files.find(({ id }) => id === one.file) ?? null)
    }
    // From here on the pool tells of what was sent.
    for (const { key, id, state } of getSendings())
      if (state === 'sent' && uploads.some((one) => one.id === id)) drop(key)
  }, [files, uploads])

  const moving = sendings.some(({ state }) => state === 'sent') || uploads.some(({ state }) => state === 'importing')
  useEffect(() => {
    if (!moving) return
    void mutate()
    const timer = setInterval(mutate, LOOK_MS)
    return () => clearInterval(timer)
  }, [moving, mutate])

  const sent = new Set(sendings.map(({ id }) => id))
  const others = uploads.filter((one) => one.state !== 'kept').filter(({ id }) => !sent.has(id))
  return { files, sendings, uploads: others, lost: error !== undefined, latest, look: () => void mutate() }
}
