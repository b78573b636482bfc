'use client'
import Link from 'next/link'
import type { PoolNow } from '../protocol/live.ts'
import { Top } from './identity/top.tsx'
import { Lost } from './live/lost.tsx'
import { usePool } from './live/use-live.ts'
import { LivePicture } from './picture/live-picture.tsx'
import { PoolWords } from './pool-words.tsx'
import { Water } from './water/water.tsx'

/** What the pool computes now: the picture fills the page, the words float on it. */
export function Now({ initial, people }: { readonly initial: PoolNow; readonly people: readonly string[] }) {
  const now = usePool(initial)
  const job = now.showing
  return (
    <div className="hero">
      <Water devices={now.devices} people={people} />
      <Top />
      <main className="flex grow flex-col">
        {job ? (
          <div className="hero-picture">
            <LivePicture key={job.id} job={job.id} title={job.title} />
          </div>
        ) : null}
        <div className={job ? 'hero-words' : 'hero-words hero-still'}>
          <PoolWords now={now} />
          <p className="mt-6">
            <Link href="/join" prefetch={false} className="act px-9 text-[1.25rem]">
              Lend this device
            </Link>
          </p>
        </div>
      </main>
      <Lost />
    </div>
  )
}
