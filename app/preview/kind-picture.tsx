'use client'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { AnyKindView } from '../../components/kind-view.ts'
import type { AnyKind } from '../../jobs/define.ts'
import { views } from '../views.ts'
import { KernelPicture } from './kernel-picture.tsx'
import { createPainter, type Painter } from './painter.ts'

/** Few enough to be there at once, enough to see where one is. */
const COARSE_PIXELS = 5_000

interface Source {
  readonly kind: AnyKind
  readonly small: AnyKindView['small'] | undefined
  readonly painter: Painter
}
const Preview = createContext<Source | null>(null)

/** Gives the pictures inside one kind, and a worker of their own so that they follow the hand. */
export function PreviewOf({ kind, children }: { readonly kind: AnyKind; readonly children: ReactNode }) {
  const preview = useMemo(() => ({ kind, small: views[kind.id]?.small, painter: createPainter() }), [kind])
  return <Preview value={preview}>{children}</Preview>
}

/** What a kind's editor draws its params with. */
export function KindPicture({
  params,
  label,
  className = '',
}: {
  readonly params: unknown
  readonly label: string
  readonly className?: string
}) {
  const preview = useContext(Preview)
  if (!preview?.kind.picture) return null
  const { kind, small, painter } = preview
  const coarse = small?.(params, COARSE_PIXELS)
  return (
    <KernelPicture
      kind={kind}
      params={params}
      {...(coarse === undefined ? {} : { coarse })}
      label={label}
      painter={painter}
      className={className}
    />
  )
}
