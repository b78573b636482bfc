import Link from 'next/link'
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

/** Where a pool key is needed and this browser has shown none. */
export function Closed({ next = '/admin' }: { readonly next?: string }) {
  return (
    <Sheet>
      <h1>This pool asks for a key</h1>
      <p className="mt-4">
        Scan the code on its big screen, or open the whole link you were given: the key is its last part. After that
        this browser is known here.
      </p>
      <p className="mt-6">
        <Link href={next === '/admin' ? next : `/admin?next=${next}`} prefetch={false} className="do">
          I run this pool
        </Link>
      </p>
    </Sheet>
  )
}
