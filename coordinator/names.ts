/** Controls, line separators, lone halves of characters, and marks that turn the direction of the text around a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** More marks on one letter than any script needs paint over the lines above and below. */
const STACKED = /(\p{M}{3})\p{M}+/gu

/** A name as people may see it: one line that cannot reach beyond its place. Joiners stay, emoji need them. */
export function cleanName(name: string): string {
  return name.toWellFormed().replace(/\s+/gu, ' ').replace(UNSEEN, '').replace(STACKED, '$1').normalize('NFC').trim()
}

/** What stands where a volunteer gave no name. */
export const ANONYMOUS = 'Anonymous'
