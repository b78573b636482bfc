'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { VolunteerState } from '../../workers/state.ts'

const nothing = () => () => undefined

/** The runtime's state; null on the server, in the hydrating pass, and where the script could not run. */
export function useVolunteer(runtime: string): VolunteerState | null {
  const [, setLoaded] = useState(false)
  const state = useSyncExternalStore(
    typeof window === 'undefined' || !window.poolparty ? nothing : window.poolparty.subscribe,
    () => window.poolparty?.getState() ?? null,
    () => null,
  )
  useEffect(() => {
    if (window.poolparty) return window.poolparty.hydrated()
    // Who comes from another page of the pool gets this one without a load of its own, and browsers run only scripts of a load.
    const script = document.createElement('script')
    script.src = runtime
    script.onload = () => {
      window.poolparty?.hydrated()
      setLoaded(true)
    }
    document.head.append(script)
  }, [runtime])
  return state
}

/**
 * A spot the runtime fills until React does: `is` names it, `children` are the words before either has.
 * One string and nothing else inside, so that neither treads on the other's nodes.
 */
export function Word({
  is,
  children,
  className,
}: {
  readonly is: string
  readonly children: string
  readonly className?: string
}) {
  return (
    <span data-volunteer-text={is} className={className} suppressHydrationWarning>
      {children}
    </span>
  )
}
