'use client'
import { useMemo, useState } from 'react'
import { kinds } from '../../../jobs/index.ts'
import type { PoolNow } from '../../../protocol/live.ts'
import { usePool } from '../../live/use-live.ts'
import { Gallery, type Pick } from './gallery.tsx'
import { Submit } from './submit.tsx'

/** Choose by its picture, then change what you like. Who comes with a file has chosen the kind already. */
export function NewJob({
  now,
  kind: wanted,
  file,
}: {
  readonly now: PoolNow
  readonly kind?: string | undefined
  readonly file?: string | undefined
}) {
  const { devices } = usePool(now)
  const named = kinds.find(({ id }) => id === wanted)
  const first = named ?? kinds[0]!
  const [pick, setPick] = useState<Pick>({ kind: first, params: first.gallery[0]?.params })
  const initial = useMemo(() => {
    const name = pick.kind === named && file !== undefined ? pick.kind.input?.naming?.(file) : undefined
    return name ? { ...(pick.params as object), ...name } : pick.params
  }, [pick, named, file])
  return (
    <>
      <Gallery of={named ? [named] : kinds} pick={pick} onPick={setPick} />
      <Submit kind={pick.kind} initial={initial} devices={devices} />
    </>
  )
}
