import type { ReactNode } from 'react'
import { Lost } from '../live/lost.tsx'
import { Water } from '../water/water.tsx'
import { Top } from './top.tsx'

/** A page of words: water above, the text below it. */
export function Sheet({
  here,
  devices,
  people,
  wide = false,
  children,
}: {
  readonly here?: string
  readonly devices?: number
  readonly people?: readonly string[]
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className="relative isolate flex min-h-dvh flex-col">
      <div className="absolute inset-x-0 top-0 -z-10 h-72">
        <Water devices={devices ?? 0} people={people ?? []} fade />
      </div>
      <Top here={here ?? ''} />
      <main className={`mx-auto w-full grow px-5 pt-6 pb-20 sm:px-8 ${wide ? 'max-w-[88rem]' : 'max-w-4xl'}`}>
        {children}
      </main>
      <Lost />
    </div>
  )
}
