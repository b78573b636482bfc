'use client'
import { useEffect, useSyncExternalStore } from 'react'
import type { VolunteerState } from '../../workers/state.ts'

const nothing = () => () => undefined

/** The runtime's state; null on the server, in the hydrating pass, and where the script could not run. */
export function useVolunteer(): VolunteerState | null {
  const state = useSyncExternalStore(
    typeof window === 'undefined' || !window.poolparty ? nothing : window.poolparty.subscribe,
    () => window.poolparty?.getState() ?? null,
    () => null,
  )
  useEffect(() => window.poolparty?.hydrated(), [])
  return state
}
