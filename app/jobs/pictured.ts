import { kinds } from '../../jobs/index.ts'

/** Kinds whose jobs have a picture to show. */
export const pictured: readonly string[] = kinds.filter((kind) => kind.picture).map((kind) => kind.id)
