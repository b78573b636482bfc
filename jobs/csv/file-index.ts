import { namesOf, readRecord } from './cells.ts'
import { type Detected, detect } from './detect.ts'
import type { CsvParams } from './params.ts'
import { createRecordScanner, type LineEnd, MOST_RECORD_BYTES, type RecordIndex } from './records.ts'

/** What the pool keeps of a CSV file in one dialect: where its records are, and what was detected in its beginning. */
export interface CsvIndex extends RecordIndex {
  readonly delimiter: string
  readonly header: boolean
  readonly lineEnd: LineEnd
  /** One per column of the file. Empty where there is no record, or where the first one is over the limit. */
  readonly names: readonly string[]
  readonly detected: Pick<Detected, 'decimal' | 'timeColumn' | 'timeFormat'>
}

type Chosen = Pick<CsvParams, 'delimiter' | 'header'>

/** Params that read the same records share an index. */
export function indexKey({ delimiter, header }: Chosen): string {
  return `csv ${delimiter === undefined ? 'auto' : delimiter.charCodeAt(0)} ${header ?? 'auto'}`
}

/** Enough to see the whole of any first record that is not over the limit, and its end. */
export const HEAD_BYTES = MOST_RECORD_BYTES + 64 * 1024

/** One pass over a file; `head` is its first HEAD_BYTES, or all of a shorter one. */
export function startIndex(chosen: Chosen, head: Uint8Array) {
  const complete = head.length < HEAD_BYTES
  // Of everything chosen only what the key of an index holds: params that share it find the same in it.
  const detected = detect(head, complete, { delimiter: chosen.delimiter, header: chosen.header })
  const { delimiter, header } = detected

  // A lone CR ends records only where the file has no LF, which is known at the end: until the first LF both are read.
  const open = new Map<LineEnd, { names: readonly string[]; scanner: ReturnType<typeof createRecordScanner> }>()
  for (const lineEnd of ['lf', 'cr'] as const) {
    const names = namesIn(head, complete, delimiter, header, lineEnd)
    const scanner = createRecordScanner({ delimiter, lineEnd, header, columns: names.length })
    open.set(lineEnd, { names, scanner })
  }

  return {
    push(bytes: Uint8Array): void {
      if (open.size > 1 && bytes.includes(10)) open.delete('cr')
      for (const { scanner } of open.values()) scanner.push(bytes)
    },
    end(): CsvIndex {
      const lineEnd = open.has('cr') ? 'cr' : 'lf'
      const { names, scanner } = open.get(lineEnd)!
      const { decimal, timeColumn, timeFormat } = detected
      return { ...scanner.end(), delimiter, header, lineEnd, names, detected: { decimal, timeColumn, timeFormat } }
    },
  }
}

function namesIn(head: Uint8Array, complete: boolean, delimiter: string, header: boolean, lineEnd: LineEnd): string[] {
  for (let at = 0; at < head.length; ) {
    const record = readRecord(head, at, { delimiter, lineEnd })
    if (!record.ended && !complete) return []
    if (!record.blank) return record.next - at > MOST_RECORD_BYTES + 2 ? [] : namesOf(record.cells, header)
    at = record.next
  }
  return []
}
