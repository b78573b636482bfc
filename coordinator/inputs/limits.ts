/** From its beginning on: time for the largest file over a slow line, or for a weekend in between. */
export const UPLOAD_KEPT_MS = 3 * 24 * 3_600_000
/** Read in a moment: nobody is asked whether a pass over so little may be made. */
export const SMALL_BYTES = 64 << 20
/** Of a pass: what one core of a laptop scans while it reads from its disk. */
export const PASS_BYTES_PER_SECOND = 400e6
