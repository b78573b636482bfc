/** From its beginning on: time for the largest file over a slow line, or for a weekend in between. */
export const UPLOAD_KEPT_MS = 3 * 24 * 3_600_000
