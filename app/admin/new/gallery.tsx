'use client'
import type { AnyKind } from '../../../jobs/define.ts'
import { KernelPicture, sharedPainter } from '../../preview/kernel-picture.tsx'
import { views } from '../../views.ts'

export interface Pick {
  readonly kind: AnyKind
  readonly params: unknown
}

const THUMB_PIXELS = 14_000

/** Ready-made jobs of every kind, each shown by what it will look like. */
export function Gallery({
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
