import type { CSSProperties } from 'react'
import { volunteerHue } from '../../protocol/ids.ts'

export const hueStyle = (id: string): CSSProperties => ({ '--hue': volunteerHue(id) }) as CSSProperties

/** A person's lamp: their colour everywhere. Always beside their name, never instead of it. */
export function Light({ id, className = 'size-[1.1em]' }: { readonly id: string; readonly className?: string }) {
  return <span aria-hidden="true" className={`person-light ${className}`} style={hueStyle(id)} />
}
