'use client'
import { useEffect, useState } from 'react'
import type { RowPlace, RowText } from '../../define.ts'

/** Fetches rows of the job's file; only the admin has one. */
export type RowsOf = (places: readonly RowPlace[]) => Promise<readonly RowText[] | string>

export type Rows =
  | { readonly type: 'asking' }
  | { readonly type: 'rows'; readonly byRow: ReadonlyMap<number, RowText> }
  /** Why they cannot be shown. */
  | { readonly type: 'refused'; readonly words: string }

const ASKING: Rows = { type: 'asking' }

/** The text of rows, asked for again whenever other ones are looked at. */
export function useRows(rowsOf: RowsOf | null, places: readonly RowPlace[]): Rows {
  const [rows, setRows] = useState<Rows>(ASKING)
  const key = places.map(({ row, byte }) => `${row}:${byte}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which places
  useEffect(() => {
    if (!rowsOf || places.length === 0) return
    let gone = false
    setRows(ASKING)
    rowsOf(places).then((answer) => {
      if (gone) return
      if (typeof answer === 'string') setRows({ type: 'refused', words: answer })
      else setRows({ type: 'rows', byRow: new Map(answer.map((row) => [row.row, row])) })
    })
    return () => {
      gone = true
    }
  }, [rowsOf, key])
  return rows
}
