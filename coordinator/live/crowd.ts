/** Pages open at one address: a school may share one. */
const PAGES_PER_ADDRESS = 500

/** Counts pages per address, so that nobody opens them without end. */
export function createCrowd() {
  const pages = new Map<string, number>()
  return {
    /** False when there are too many; otherwise `leave` must follow. */
    enter(address: string): boolean {
      const count = pages.get(address) ?? 0
      if (count >= PAGES_PER_ADDRESS) return false
      pages.set(address, count + 1)
      return true
    },
    leave(address: string): void {
      const count = pages.get(address) ?? 0
      if (count > 1) pages.set(address, count - 1)
      else pages.delete(address)
    },
  }
}
