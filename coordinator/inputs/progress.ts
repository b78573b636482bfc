import type { ImportProgress, Kept } from './port.ts'

/** How whoever imports reports, and hears that it is to stop. */
export interface ImportControl {
  readonly signal: AbortSignal
  /** @param bytes read of the body so far */
  progress(bytes: number): void
}

/**
 * An import as a stream of its progress, which ends with what was kept. Leaving the stream stops the import and waits
 * until nothing of it stays.
 * @param bytes of the body
 */
export async function* importProgress(
  bytes: number,
  run: (control: ImportControl) => Promise<Kept>,
): AsyncGenerator<ImportProgress> {
  const stop = new AbortController()
  let importedBytes = 0
  let told = -1
  let ended = false
  let wake: () => void = () => {}
  const running = run({
    signal: stop.signal,
    progress(read) {
      importedBytes = read
      wake()
    },
  })
  const end = running
    .catch(() => {})
    .then(() => {
      ended = true
      wake()
    })
  try {
    while (!ended) {
      if (told !== importedBytes) {
        told = importedBytes
        yield { importedBytes, bytes }
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    yield { importedBytes, bytes, kept: await running }
  } finally {
    stop.abort()
    await end
  }
}
