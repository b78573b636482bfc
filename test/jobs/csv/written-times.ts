import fc from 'fast-check'

// Patterns of times in every order, and texts written by them.

const SEPARATORS = ['', '.', '-', '/', ':', ' ', ',', ', ', ' - ', '        ', '                   ', '|']

const token = (...names: string[]) => fc.constantFrom(...names)
const tokens = fc
  .tuple(
    token('YYYY'),
    token('MM', 'M'),
    token('DD', 'D'),
    token('', 'HH', 'HH', 'HH', 'H'),
    token('', 'mm', 'mm', 'mm'),
    token('', 'ss', 'ss'),
    token('', 'SSS'),
    token('', '', 'Z'),
    token('', '', 'T'),
  )
  .chain((all) => {
    const used = all.filter((name) => name !== '')
    return fc.shuffledSubarray(used, { minLength: used.length, maxLength: used.length })
  })

/** Not all of them are legal. */
export const pattern: fc.Arbitrary<string> = fc
  .tuple(
    tokens,
    fc.array(fc.constantFrom(...SEPARATORS), { minLength: 11, maxLength: 11 }),
    fc.array(fc.tuple(fc.nat(9), fc.nat(3)), { maxLength: 2 }),
    fc.constantFrom('', '', '', ' ', '['),
  )
  .map(([names, separators, options, edge]) => {
    const parts = names.map((name, at) => (at === 0 ? name : (separators[at] ?? '') + name))
    for (const [at, length] of options) {
      const from = at % parts.length
      const to = Math.min(parts.length - 1, from + length)
      parts[from] = `[${parts[from]}`
      parts[to] = `${parts[to]}]`
    }
    return edge === ' ' ? ` ${parts.join('')} ` : parts.join('')
  })

export interface Clock {
  readonly ms: number
  readonly fraction: number
  /** Which of the optional parts are left out, a bit each. */
  readonly omit: number
  readonly zone: number
  /** A number in the place of hours, minutes or seconds. */
  readonly odd: readonly [which: number, value: number] | null
}

const ZONES = ['Z', 'UTC', 'GMT', '+05', '+0530', '-05:30', 'GMT-0500', ' +01:00', ' GMT', '+051']

/** By the tokens of time-pattern.ts, each replaced where it stands. */
export function writeTime(pattern: string, { ms, fraction, omit, zone, odd }: Clock): string {
  const date = new Date(ms)
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  if (odd) clock[odd[0]] = odd[1]
  const [hours = 0, minutes = 0, seconds = 0] = clock
  const two = (value: number) => String(value).padStart(2, '0')
  const digits = 1 + (fraction % 9)
  const texts: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()),
    MM: two(date.getUTCMonth() + 1),
    DD: two(date.getUTCDate()),
    HH: two(hours),
    mm: two(minutes),
    ss: two(seconds),
    SSS: String(fraction).padStart(9, '0').slice(0, digits),
    M: String(date.getUTCMonth() + 1),
    D: String(date.getUTCDate()),
    H: String(hours),
    Z: ZONES[zone % ZONES.length]!,
    T: ms % 2000 === 0 ? 'T' : ' ',
  }
  let optional = 0
  let kept = pattern
  // From the innermost outwards.
  while (/\[[^[\]]*\]/.test(kept))
    kept = kept.replace(/\[([^[\]]*)\]/, (_, inner: string) => ((omit >> optional++) & 1 ? '' : inner))
  return kept.replace(/YYYY|MM|DD|HH|mm|ss|SSS|M|D|H|Z|T/g, (name) => texts[name]!)
}
