import type { ComponentType } from 'react'

/**
 * What a kind may give the submit page: `jobs/<kind>/view.tsx` exports `view` of this shape (checked in views.ts, because a
 * kind's folder imports nothing of the app). Kinds without one are described as JSON.
 */
export interface KindView {
  /** Lets a person change params. Keeps what they typed, whatever it is. */
  readonly Editor: ComponentType<EditorProps>
  /** The same picture with at most `pixels` pixels, quick enough to follow a hand. For kinds with a picture. */
  readonly small?: (params: never, pixels: number) => unknown
}

export interface EditorProps {
  /** Valid params to begin with. Another object replaces what was typed. */
  // biome-ignore lint/suspicious/noExplicitAny: every kind has its own params, parsed by its own schema
  readonly initial: any
  /** What was typed, as params; perhaps invalid. */
  readonly onChange: (params: unknown) => void
  /** Messages of the schema by path, for example "center.0". */
  readonly problems: ReadonlyMap<string, string>
  /** Draws valid params with the kind's own kernel, in this browser. */
  readonly Picture: ComponentType<{ readonly params: unknown; readonly label: string; readonly className?: string }>
}
