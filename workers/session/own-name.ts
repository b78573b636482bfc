/** What the person calls themselves: what the pool says, unless they typed a name that has not reached it. */
export function createOwnName(initial: string, typed: boolean) {
  let name = initial
  /** `from` is the name that the pool had before, where that was known. */
  let renamed: { readonly from?: string } | undefined = typed ? {} : undefined
  return {
    text: () => name,
    type(next: string, online: boolean) {
      renamed = online ? { from: name } : {}
      name = next
    },
    /** True: the typed name has to be sent. */
    welcome(ofPool: string): boolean {
      if (renamed && name !== ofPool && (renamed.from ?? ofPool) === ofPool) {
        // Sent and lost is found out at the next welcome.
        renamed = { from: ofPool }
        return true
      }
      name = ofPool
      renamed = undefined
      return false
    },
    /** A name typed so far belongs to the volunteer that is left. Calling the answer comes back to them. */
    leave(): () => void {
      const before = renamed
      renamed = undefined
      return () => {
        renamed = before
      }
    },
  }
}
