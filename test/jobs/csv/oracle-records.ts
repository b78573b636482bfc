// The oracle's records: cut one byte at a time, by the words of the task.

interface Field {
  text: string
  start: number
}
export interface Row {
  start: number
  fields: Field[]
  overlong: boolean
  blank: boolean
}

const MIB = 1_048_576

/** Cuts bytes into records. Latin-1 keeps one character a byte, so positions are bytes. */
export function read(bytes: Uint8Array, delimiter: string) {
  const all = Buffer.from(bytes).toString('latin1')
  const hasLf = all.includes('\n')
  const isEnd = (at: number): number => {
    if (!hasLf) return all[at] === '\r' ? 1 : 0
    if (all[at] === '\n') return 1
    return all[at] === '\r' && all[at + 1] === '\n' ? 2 : 0
  }
  const rows: Row[] = []
  const strays: { record: number; byte: number }[] = []
  let at = 0
  while (at < all.length) {
    const start = at
    const fields: Field[] = []
    const blank = isEnd(at) > 0
    let end = at
    for (;;) {
      const from = at
      const characters: string[] = []
      if (all[at] === '"') {
        at++
        while (at < all.length) {
          if (all[at] !== '"') characters.push(all[at++]!)
          else if (all[at + 1] === '"') {
            characters.push('"')
            at += 2
          } else {
            at++
            break
          }
        }
      }
      while (at < all.length && all[at] !== delimiter && !isEnd(at)) {
        if (all[at] === '"') strays.push({ record: rows.length, byte: at })
        characters.push(all[at++]!)
      }
      fields.push({
        text: characters
          .join('')
          .replace(/^[ \t]*/, '')
          .replace(/[ \t]*$/, ''),
        start: from,
      })
      end = at
      if (at >= all.length) break
      const ending = isEnd(at)
      if (ending) {
        at += ending
        break
      }
      at++
      // A delimiter at the very end still opens one more, empty, field.
    }
    rows.push({ start, fields, overlong: end - start > MIB, blank })
  }
  return { rows, strays }
}
