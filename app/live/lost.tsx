'use client'
import { useEffect, useState } from 'react'
import { exactClock } from '../../components/words/dates.ts'
import { useConnection } from './use-live.ts'

/** A blink of the network is nobody's business. */
const PATIENCE_MS = 2_500

/** Says when what is shown was last updated, while the connection is lost. */
export function Lost() {
  const { watching, connected, heardAt } = useConnection()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (connected || !watching) return setLost(false)
    const timer = setTimeout(() => setLost(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [connected, watching])
  return (
    <div role="status" className="no-print pointer-events-none fixed inset-x-0 top-3 z-30 flex justify-center px-4">
      {lost ? (
        <p className="arrived rounded-full bg-ink px-4 py-1.5 text-center text-small text-water">
          {heardAt === null
            ? 'Not connected to the pool. Trying again.'
            : `Not connected. Last updated ${exactClock(heardAt)}; trying again.`}
        </p>
      ) : null}
    </div>
  )
}
