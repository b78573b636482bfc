// Every bound a volunteer or a script can run into, in one place.

/** Raised whenever a message changes its meaning; another number reloads the page or updates the agent. */
export const PROTOCOL_VERSION = 3

/** Largest Socket.IO message either way. A result message carries at most a megabyte of outputs plus its envelope. */
export const MAX_MESSAGE_BYTES = 2 * 1024 * 1024
/** A device splits its results so that the outputs of one message stay below this. */
export const MAX_RESULT_BYTES = 1024 * 1024
/** Outputs in one result message. */
export const MAX_RESULT_TASKS = 1000
/** Tasks in one lease: bounds what one crash can hold back and what a token may claim. */
export const MAX_LEASE_TASKS = 1000
/** A device sends finished work at least this often. */
export const RESULT_INTERVAL_MS = 250

export const MAX_NAME_LENGTH = 40
/** Threads one device may offer. The largest workstations have 256 hardware threads. */
export const MAX_THREADS = 256
/** Lease tokens a returning device may list; a device never holds more than threads + 1. */
export const MAX_HELD_LEASES = MAX_THREADS + 1
/** An error text from a kernel, cut by the device. */
export const MAX_ERROR_LENGTH = 2000
/** The CSV or log of a series, as sent: ten million rows. */
export const MAX_SERIES_BYTES = 512 * 1024 * 1024
/** Of a file as sent and as kept. Its index then has about two megabytes. */
export const MAX_FILE_BYTES = 64e9
/** JSON request bodies. */
export const MAX_JSON_BYTES = 1_000_000

/** Controls but for tab and line ends. PostgreSQL takes no NUL in a text, and nobody can read the others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/** Text as every database keeps it and every page can show it: whole characters, no controls. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '').toWellFormed()
}
