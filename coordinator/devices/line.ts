/**
 * Keeps what a device says in the order it said it, although its results take a while to be measured: an ask that overtook
 * a result would find the device's hands still full.
 */
export function createLine(failed: (error: unknown) => void) {
  const entries: { run: (() => void) | null }[] = []

  function drain() {
    while (entries[0]?.run) {
      try {
        entries.shift()?.run?.()
      } catch (error) {
        failed(error)
      }
    }
  }

  return {
    /** At once, or as soon as everything before it has run. */
    now(run: () => void): void {
      if (entries.length === 0) run()
      else entries.push({ run })
    },
    /** Takes a place; what is given to the answer runs there. */
    later(): (run: () => void) => void {
      const entry: { run: (() => void) | null } = { run: null }
      entries.push(entry)
      return (run) => {
        entry.run = run
        drain()
      }
    },
  }
}
export type Line = ReturnType<typeof createLine>
