'use client'
import { useEffect, useEffectEvent, useState } from 'react'

/** What changes with every accepted task is asked for this often at most: live enough to read. */
const EVERY_MS = 2_000

/**
 * Calls `fetchIt` again some time after `version` changed, however often it changes: a busy job must not put it off for ever.
 * @param known the version that is on the page already
 */
export function useNews<Version>(version: Version, known: Version | null, fetchIt: () => Promise<void>): void {
  const [asked, setAsked] = useState(known)
  const go = useEffectEvent(async () => {
    await fetchIt()
    setAsked(version)
  })
  const stale = asked !== version
  const first = asked === null
  useEffect(() => {
    if (!stale) return
    const timer = setTimeout(() => go(), first ? 0 : EVERY_MS)
    return () => clearTimeout(timer)
  }, [stale, first])
}
