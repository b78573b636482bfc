import type { AnyKind, InputIndex } from '../../jobs/define.ts'
import type { FileIndex } from './port.ts'

/** What a kind offers, whatever its params. */
export type AnyIndex = InputIndex<unknown, FileIndex>

/** By kind, in the order of the kinds. */
export type Indexes = ReadonlyMap<string, AnyIndex>

/** How these kinds index files. Where none does, their lines are counted. */
export function indexesOf(kinds: readonly AnyKind[]): Indexes {
  const all = kinds.flatMap(({ id, input }) => (input?.index ? [[id, input.index as AnyIndex] as const] : []))
  return new Map(all.length > 0 ? all : [['', lines]])
}

const LF = 10
const lines: AnyIndex = {
  key: () => 'lines',
  headBytes: 0,
  start() {
    let rows = 0
    return {
      push(bytes) {
        for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) rows++
      },
      end: () => ({ rows }),
    }
  },
}

/** One pass of a kind's index over a file; holds back the beginning until the kind may see all it asks for. */
export function startPass(index: AnyIndex, params: unknown) {
  let head: Uint8Array[] = []
  let length = 0
  let pass: ReturnType<AnyIndex['start']> | undefined
  function begin(): ReturnType<AnyIndex['start']> {
    const seen = Buffer.concat(head)
    head = []
    const begun = index.start(params, seen.subarray(0, index.headBytes))
    begun.push(seen)
    return begun
  }
  return {
    push(bytes: Uint8Array) {
      if (pass) return pass.push(bytes)
      // Copied: the caller may use its buffer again.
      head.push(bytes.slice())
      length += bytes.length
      if (length >= index.headBytes) pass = begin()
    },
    end: (): FileIndex => (pass ?? begin()).end(),
  }
}
export type IndexPass = ReturnType<typeof startPass>
