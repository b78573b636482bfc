// Patterns of times: "DD.MM.YYYY HH:mm:ss.SSS" as people write them, compiled for time.as.ts and, for detection, into a
// regular expression. Tokens: YYYY MM DD HH mm ss, M D H (one or two digits), SSS (one to nine digits of a second),
// Z (a zone, also behind a space), T ("T" or a space), [ ] around what may be missing. Everything else stands for itself.

const NAMED: Readonly<Record<string, string>> = { iso: 'YYYY-MM-DD[THH:mm[:ss[.SSS]][Z]]' }
const COUNTS: Readonly<Record<string, number>> = { unix: 11, 'unix-ms': 12, 'unix-us': 13, 'unix-ns': 14 }

const OPTIONAL = 10
const LITERAL = 15
const TOKENS: readonly { readonly text: string; readonly code: number; readonly regex: string }[] = [
  { text: 'YYYY', code: 1, regex: '(?<Y>\\d{4})' },
  { text: 'MM', code: 2, regex: '(?<M>\\d\\d)' },
  { text: 'DD', code: 3, regex: '(?<D>\\d\\d)' },
  { text: 'HH', code: 4, regex: '(?<h>\\d\\d)' },
  { text: 'mm', code: 5, regex: '(?<m>\\d\\d)' },
  { text: 'ss', code: 6, regex: '(?<s>\\d\\d)' },
  { text: 'SSS', code: 7, regex: '\\d{1,9}' },
  { text: 'M', code: 34, regex: '(?<M>\\d\\d?)' },
  { text: 'D', code: 35, regex: '(?<D>\\d\\d?)' },
  { text: 'H', code: 36, regex: '(?<h>\\d\\d?)' },
  { text: 'Z', code: 8, regex: '(?: ?(?:Z|z|(?:GMT|UTC)?[+-](?:[01]\\d|2[0-3])(?::?[0-5]\\d)?|GMT|UTC))' },
  { text: 'T', code: 9, regex: '[Tt ]' },
]
const MOST_CODE = 200

export type Compiled =
  | {
      readonly type: 'pattern'
      /** For time.as.ts, ending with 0. */
      readonly code: readonly number[]
      readonly regex: RegExp
      /** Whether a field that holds such a time may hold this character too, so that it must be cut out first. */
      mayHold(character: string): boolean
    }
  | { readonly type: 'wrong' }

const compiled = new Map<string, Compiled>()

export function compilePattern(format: string): Compiled {
  let known = compiled.get(format)
  if (!known) {
    known = compile(format)
    if (compiled.size < 1000) compiled.set(format, known)
  }
  return known
}

function compile(format: string): Compiled {
  const count = COUNTS[format]
  if (count !== undefined)
    return { type: 'pattern', code: [count, 0], regex: /^-?\d+(?:\.\d+)?$/, mayHold: (c) => '-.'.includes(c) }
  const text = NAMED[format] ?? format
  const code: number[] = []
  const open: number[] = []
  const seen = new Set<number>()
  let regex = ''
  let literals = ''
  let afterDigits = false
  for (let i = 0; i < text.length; ) {
    const token = TOKENS.find((candidate) => text.startsWith(candidate.text, i))
    if (token) {
      const digits = token.code < 8 || token.code > 31
      // "HHmm" is clear; a token of no fixed length before another of digits is not.
      if (digits && afterDigits && lastIsLoose(code)) return { type: 'wrong' }
      if (seen.has(token.code & 31)) return { type: 'wrong' }
      seen.add(token.code & 31)
      code.push(token.code)
      regex += token.regex
      if (token.code === 9) literals += 'Tt '
      if (token.code === 8) literals += ' Zz+-:GMTUC'
      afterDigits = digits
      i += token.text.length
      continue
    }
    const c = text[i++]!
    afterDigits = false
    if (c === '[') {
      // What may be missing is recognised by its first character.
      if (/^[[\]YMDHmsS]/.test(text.slice(i))) return { type: 'wrong' }
      code.push(OPTIONAL, 0)
      open.push(code.length)
      regex += '(?:'
    } else if (c === ']') {
      const from = open.pop()
      if (from === undefined) return { type: 'wrong' }
      code[from - 1] = code.length - from
      regex += ')?'
    } else {
      if (!/^[ -~]$/.test(c) || /["\dA-Za-z]/.test(c)) return { type: 'wrong' }
      code.push(LITERAL, c.charCodeAt(0))
      literals += c
      regex += c.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
    }
  }
  const dated = seen.has(1) && seen.has(2) && seen.has(3)
  if (!dated || open.length > 0 || code.length > MOST_CODE) return { type: 'wrong' }
  return { type: 'pattern', code: [...code, 0], regex: new RegExp(`^${regex}$`), mayHold: (c) => literals.includes(c) }
}

function lastIsLoose(code: readonly number[]): boolean {
  const last = code.at(-1)!
  return last === 7 || last > 31
}

/** ISO 8601 UTC with three, six or nine decimals, whatever shows the time whole. */
export function isoTime(nanos: bigint): string {
  const millis = (nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n
  const rest = Number(nanos - millis * 1_000_000n)
  const iso = new Date(Number(millis)).toISOString()
  if (rest === 0) return iso
  const digits = String(rest).padStart(6, '0')
  return `${iso.slice(0, -1)}${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}
