import type { Core } from './core.ts'
import { storeErrorOf } from './store-error.ts'

/** The same core, whose errors of the outside world are {@link StoreError}. */
export function withStoreErrors(core: Core): Core {
  const guard = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return async (...args: Args) => {
      try {
        return await call(...args)
      } catch (error) {
        throw storeErrorOf(error)
      }
    }
  }
  const { outputs, ...calls } = core
  const guarded = Object.entries(calls).map(([name, call]) => [name, guard(call as () => Promise<unknown>)])
  return {
    ...(Object.fromEntries(guarded) as typeof calls),
    async *outputs(...args) {
      try {
        yield* outputs(...args)
      } catch (error) {
        throw storeErrorOf(error)
      }
    },
  }
}
