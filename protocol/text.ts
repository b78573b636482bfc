/** Controls but for tab and line ends. PostgreSQL takes no NUL in a text, and nobody can read the others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/** Text as every database keeps it and every page can show it: whole characters, no controls. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '').toWellFormed()
}
