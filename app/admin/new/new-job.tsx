'use client'
import { useState } from 'react'
import { kinds } from '../../../jobs/index.ts'
import { Gallery, type Pick } from './gallery.tsx'
import { Submit } from './submit.tsx'

/** Choose by its picture, then change what you like. */
export function NewJob({ devices }: { readonly devices: number }) {
  const [pick, setPick] = useState<Pick>({ kind: kinds[0]!, params: kinds[0]!.gallery[0]?.params })
  return (
    <>
      <Gallery pick={pick} onPick={setPick} />
      <Submit kind={pick.kind} initial={pick.params} devices={devices} />
    </>
  )
}
