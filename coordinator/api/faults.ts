import type { AnyKind } from '../../jobs/define.ts'
import type { Kernels } from '../kernels.ts'

/** What is wrong with a field of a request, in words, and where. */
export interface Fault {
  readonly path: string
  readonly message: string
}

export type ReadParams =
  | { readonly type: 'read'; readonly kind: AnyKind; readonly params: unknown }
  | { readonly type: 'wrong'; readonly faults: readonly Fault[] }

/** The kind of a request and its params as that kind reads them, or every fault of either. */
export function createReadParams(kinds: readonly AnyKind[], kernels: Kernels) {
  return (request: { kind: string; params: unknown }): ReadParams => {
    const kind = kinds.find((one) => one.id === request.kind)
    if (!kind || !kernels[kind.id]) {
      const known = kinds.map((one) => `"${one.id}"`).join(', ')
      const message = `There is no kind "${request.kind.slice(0, 40)}". This pool knows ${known}.`
      return { type: 'wrong', faults: [{ path: 'kind', message }] }
    }
    const parsed = kind.schema.safeParse(request.params)
    if (parsed.success) return { type: 'read', kind, params: parsed.data }
    return { type: 'wrong', faults: parsed.error.issues.flatMap((issue) => faults(['params', ...issue.path], issue)) }
  }
}
/** One line per fault, with its place; unknown fields are told one by one. */
export function faults(
  path: readonly PropertyKey[],
  issue:
    | { readonly code: string; readonly message: string }
    | { code: 'unrecognized_keys'; keys: string[]; message: string },
): Fault[] {
  if ('keys' in issue && issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key].map(String).join('.'),
      message: `There is no field "${key.slice(0, 60)}".`,
    }))
  const place = path.map(String).join('.')
  return [{ path: place, message: issue.message }]
}
