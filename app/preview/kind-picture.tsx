'use client'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { AnyKind } from '../../jobs/define.ts'
import { KernelPicture } from './kernel-picture.tsx'
import { createPainter, type Painter } from './painter.ts'

const Preview = createContext<{ readonly kind: AnyKind; readonly painter: Painter } | null>(null)

/** Gives the pictures inside one kind, and a worker of their own so that they follow the hand. */
export function PreviewOf({ kind, children }: { readonly kind: AnyKind; readonly children: ReactNode }) {
  const preview = useMemo(() => ({ kind, painter: createPainter() }), [kind])
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
  return (
    <KernelPicture kind={preview.kind} params={params} label={label} painter={preview.painter} className={className} />
  )
}
