import { expect, test } from 'vitest'
import { createElection } from '../../workers/browser/election.ts'

/** Tabs of one browser; words reach the others when `flush` says so. */
function createBrowser() {
  const ends: { deliver(data: unknown): void }[] = []
  let words: { from: object; data: unknown }[] = []
  function openTab() {
    const listeners: ((event: { data: unknown }) => void)[] = []
    const end = {
      deliver(data: unknown) {
        for (const listener of listeners) listener({ data })
      },
      postMessage: (data: unknown) => words.push({ from: end, data }),
      addEventListener: (_: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
    }
    ends.push(end)
    const seen = { other: false, computes: false }
    const election = createElection(
      {
        otherTab: (other) => {
          seen.other = other
        },
        taken: () => {
          seen.computes = false
        },
      },
      end as unknown as BroadcastChannel,
    )
    return {
      seen,
      start() {
        seen.computes = true
        election.claim()
      },
      stop() {
        seen.computes = false
        election.free()
      },
    }
  }
  return {
    openTab,
    flush() {
      while (words.length > 0) {
        const [first, ...rest] = words
        words = rest
        for (const end of ends) if (end !== first!.from) end.deliver(first!.data)
      }
    },
  }
}

test('[D19] a new tab learns that another one computes, and that it stopped', () => {
  const browser = createBrowser()
  const first = browser.openTab()
  first.start()
  const second = browser.openTab()
  browser.flush()
  expect(second.seen.other).toBe(true)
  first.stop()
  browser.flush()
  expect(second.seen.other).toBe(false)
})

test('[D19] Start in another tab moves the work there', () => {
  const browser = createBrowser()
  const first = browser.openTab()
  const second = browser.openTab()
  first.start()
  browser.flush()
  second.start()
  browser.flush()
  expect([first.seen, second.seen]).toEqual([
    { other: true, computes: false },
    { other: false, computes: true },
  ])
})

test('[D19] of two Starts at the same moment exactly one computes', () => {
  for (let i = 0; i < 50; i++) {
    const browser = createBrowser()
    const tabs = [browser.openTab(), browser.openTab(), browser.openTab()]
    for (const tab of tabs) tab.start()
    browser.flush()
    expect(tabs.filter(({ seen }) => seen.computes)).toHaveLength(1)
  }
})
