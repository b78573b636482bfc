/** Of a file as sent and as kept. Its index then has about two megabytes. */
export const MAX_FILE_BYTES = 64e9
