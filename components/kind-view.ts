import type { ComponentType } from 'react'
import type { JobView } from '../protocol/api.ts'

/** What a kind gives the submit page: `jobs/<kind>/view.tsx` exports `view`. Kinds without one are described as JSON. */
export interface KindView<Params> {
  /** Lets a person change params. Keeps what they typed, whatever it is. */
  readonly Editor: ComponentType<EditorProps<Params>>
  /** A finished job's result as people look at it; for kinds without a picture. */
  readonly Result?: ComponentType<ResultProps>
  /** The same picture with at most `pixels` pixels, quick enough to follow a hand. For kinds with a picture. */
  readonly small?: (params: Params, pixels: number) => Params
}

export interface ResultProps {
  /** What `GET jobs/:id/result` answers. */
  readonly result: unknown
  readonly job: JobView
  /** Whether who looks may see what is for the admin alone. */
  readonly admin: boolean
}

export interface EditorProps<Params> {
  /** Valid params to begin with. Another object replaces what was typed. */
  readonly initial: Params
  /** What was typed, as params; perhaps invalid. */
  readonly onChange: (params: unknown) => void
  /** Messages of the schema by path, for example "center.0". */
  readonly problems: ReadonlyMap<string, string>
  /** Draws valid params with the kind's own kernel, in this browser. */
  readonly Picture: ComponentType<{ readonly params: unknown; readonly label: string; readonly className?: string }>
}

/** A view whose params type does not matter to the caller; what the list holds. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds is heterogeneous; params are parsed by the kind's own schema
export type AnyKindView = KindView<any>
