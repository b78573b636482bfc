import type { ApiProblem } from '../problem.ts'
import type { Api } from './create.ts'

// What pages import. Next bundles them apart from the coordinator, in the same process: the running coordinator is
// reached through the one global there is, and nothing of the pool or the store is pulled in here.

const KEY = Symbol.for('poolparty.api')
type Place = { [KEY]?: Api | undefined }

/** The running coordinator. Throws where none runs, for example while pages are built. */
export function api(): Api {
  const running = (globalThis as Place)[KEY]
  if (!running) throw new Error('No coordinator runs in this process; start one with npm start.')
  return running
}

/** Called by the coordinator when it is ready, and with undefined when it stops. */
export function provideApi(running: Api | undefined): void {
  ;(globalThis as Place)[KEY] = running
}

/** Classes differ between bundles, so a refusal is known by its name. */
export function isApiProblem(error: unknown): error is ApiProblem {
  return (error as { name?: unknown } | null)?.name === 'ApiProblem'
}
