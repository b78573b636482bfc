import type { CsvPreview } from '../preview.ts'

// What was guessed about a file, as people say it.

export const DELIMITERS: readonly (readonly [string, string])[] = [
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['\t', 'Tab'],
  ['|', 'Bar'],
  [' ', 'Space'],
]
export const DECIMALS = { '.': 'Point, as in 1.5', ',': 'Comma, as in 1,5' } as const
export const HEADERS = { yes: 'Names of columns', no: 'Values like all others' } as const

export function delimiterWords(delimiter: string): string {
  const named = DELIMITERS.find(([sign]) => sign === delimiter)
  return named ? named[1].toLowerCase() : `“${delimiter}”`
}

const COUNTS: Readonly<Record<string, string>> = {
  unix: '1574692215, seconds since 1970',
  'unix-ms': '1574692215250, milliseconds since 1970',
  'unix-us': '1574692215250000, microseconds since 1970',
  'unix-ns': '1574692215250000000, nanoseconds since 1970',
}
export const COUNT_FORMATS: readonly string[] = Object.keys(COUNTS)
/** 25 November 2019, 14:30:15: a day that is no month, an hour after noon. */
const PARTS: Readonly<Record<string, string>> = {
  ...{ YYYY: '2019', MM: '11', DD: '25', HH: '14', mm: '30', ss: '15', SSS: '250', M: '11', D: '25', H: '14' },
  ...{ T: ' ', Z: 'Z' },
}
/** Shown without what the file may leave out: a fraction, a zone. */
const SELDOM = /\[\.?SSS\]|\[Z\]/g

/** A time written in this format: what people recognise their own in. */
export function timeExample(format: string): string {
  if (COUNTS[format]) return COUNTS[format]
  const pattern = format === 'iso' ? 'YYYY-MM-DD[THH:mm[:ss]]' : format
  return pattern.replace(SELDOM, '').replace(/YYYY|MM|DD|HH|mm|ss|SSS|M|D|H|T|Z|\[|\]/g, (token) => PARTS[token] ?? '')
}

export const TYPES: Readonly<Record<CsvPreview['columns'][number]['type'], string>> = {
  number: 'numbers',
  time: 'times',
  text: 'text',
  empty: 'empty so far',
}

/** "Lines end with CRLF, some cells stand in quotes." */
export function writtenWords({ lineEnds, quotes }: CsvPreview): string {
  const ends = lineEnds.length === 0 ? 'No line ends' : `Lines end with ${lineEnds.join(' and ')}`
  return `${ends}, ${quotes ? 'some cells stand' : 'no cell stands'} in quotes.`
}

const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  latin1: 'Latin-1',
}

/** In which encoding it came, and what of it was no text. */
export function encodingWords({
  encoding,
  replaced,
}: {
  readonly encoding: string
  readonly replaced: number
}): string {
  const came = encoding === 'utf-8' ? 'UTF-8' : `Sent as ${ENCODINGS[encoding] ?? encoding}, kept as UTF-8`
  if (replaced === 0) return `${came}.`
  return `${came}; ${replaced} ${replaced === 1 ? 'byte was' : 'bytes were'} no text and became �.`
}
