// One tab of a browser computes. Tabs find each other by BroadcastChannel, which plain http has too (locks it has not).

const CHANNEL = 'poolparty'

type Word =
  /** Does anybody compute? */
  | { readonly type: 'who' }
  | { readonly type: 'here' }
  | { readonly type: 'free' }
  /** I compute from now on. */
  | { readonly type: 'claim'; readonly at: number; readonly tab: string }

export interface ElectionOwner {
  /** Another tab computes, or none does any more. */
  otherTab(computes: boolean): void
  /** Another tab has taken over from this one. */
  taken(): void
}

export function createElection(owner: ElectionOwner, channel: BroadcastChannel | undefined = openChannel()) {
  const tab = Math.random().toString(36).slice(2)
  let claimedAt: number | undefined
  /** Of the claims heard: a Start that follows another is later, whatever the clock says. */
  let heardAt = 0
  const say = (word: Word) => channel?.postMessage(word)

  channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    switch (data.type) {
      case 'who':
        if (claimedAt !== undefined) say({ type: 'here' })
        break
      case 'here':
        if (claimedAt === undefined) owner.otherTab(true)
        break
      case 'free':
        owner.otherTab(false)
        break
      case 'claim':
        heardAt = Math.max(heardAt, data.at)
        // Two Starts at the same moment: the later one wins in both tabs.
        if (claimedAt !== undefined && (claimedAt > data.at || (claimedAt === data.at && tab > data.tab)))
          return say({ type: 'claim', at: claimedAt, tab })
        if (claimedAt !== undefined) owner.taken()
        claimedAt = undefined
        owner.otherTab(true)
        break
      default:
        data satisfies never
    }
  })
  say({ type: 'who' })

  return {
    claim() {
      claimedAt = Math.max(Date.now(), heardAt + 1)
      say({ type: 'claim', at: claimedAt, tab })
      owner.otherTab(false)
    },
    /** This tab computes no more, of its own will. */
    free() {
      if (claimedAt !== undefined) say({ type: 'free' })
      claimedAt = undefined
    },
  }
}

function openChannel(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL)
}
