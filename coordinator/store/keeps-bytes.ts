import type { Change } from '../pool/effects.ts'

/** Whether the outputs of a kept result are kept with it; of the others the digests are. */
export function keepsBytes({ state }: Pick<Extract<Change, { type: 'resultKept' }>, 'state'>): boolean {
  return state === 'accepted' || state === 'pending'
}
