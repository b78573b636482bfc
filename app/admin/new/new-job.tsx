'use client'
import { useMemo, useState } from 'react'
import type { AnyKind } from '../../../jobs/define.ts'
import { kinds } from '../../../jobs/index.ts'
import type { PoolNow } from '../../../protocol/live.ts'
import { useLive } from '../../live/live.tsx'
import { KernelPicture, sharedPainter } from '../../preview/kernel-picture.tsx'
import { views } from '../../views.ts'
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
  const { devices } = useLive('pool', now)
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

interface Pick {
  readonly kind: AnyKind
  readonly params: unknown
}

const THUMB_PIXELS = 14_000

/** Ready-made jobs of every kind, each shown by what it will look like. */
function Gallery({
  of,
  pick,
  onPick,
}: {
  readonly of: readonly AnyKind[]
  readonly pick: Pick
  readonly onPick: (pick: Pick) => void
}) {
  return (
    <div className="mt-6 space-y-4">
      {of.map((kind) => (
        <section key={kind.id} aria-label={kind.summary}>
          {of.length > 1 ? <h2 className="mb-2">{kind.summary}</h2> : null}
          <ul className="gallery">
            {kind.gallery.map(({ name, params }) => (
              <li key={name}>
                <button type="button" aria-pressed={pick.params === params} onClick={() => onPick({ kind, params })}>
                  {kind.picture ? (
                    <span className="gallery-picture">
                      <Thumb kind={kind} params={params} name={name} />
                    </span>
                  ) : null}
                  <span className={kind.picture ? 'mt-1 block truncate text-small' : 'gallery-word'}>{name}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Thumb({ kind, params, name }: { readonly kind: AnyKind; readonly params: unknown; readonly name: string }) {
  const small = views[kind.id]?.small
  if (!kind.picture || !small) return null
  return <KernelPicture kind={kind} params={small(params, THUMB_PIXELS)} label={name} painter={sharedPainter()} />
}
