/** A commit that takes longer is told to people: the slowest card that worked took a second. */
const STILL_MS = 5000

export const STILL =
  'The disk or the database has not answered for some seconds. Devices keep their results until it does; if it lasts, look at the disk of the host, or at the database server.'

/** Knows whether commits stand still: the store was given one and does not answer. */
export function createStill(changed: (still: boolean) => void) {
  let since: number | null = null
  let still = false
  return {
    get now() {
      return still
    },
    began(): void {
      since = performance.now()
    },
    ended(): void {
      since = null
      if (!still) return
      still = false
      changed(false)
    },
    /** Asked every second. */
    look(): void {
      if (still || since === null || performance.now() - since < STILL_MS) return
      still = true
      changed(true)
    },
  }
}
