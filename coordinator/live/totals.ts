import type { VolunteerId } from '../../protocol/ids.ts'
import type { Committer } from '../committer/committer.ts'
import type { Directory } from '../devices/connection.ts'
import type { Store } from '../store/port.ts'

/** How often a volunteer hears of their credit, and how many hear of it a second: each asks the store for a rank. */
const EVERY_MS = 250
const AT_ONCE = 12

/** Tells volunteers what they have earned, soon after they earned it. */
export function createTotals(parts: { store: Store; directory: Directory; committer(): Committer }) {
  const due = new Set<VolunteerId>()
  let timer: NodeJS.Timeout | null = null
  let closed = false

  async function tell(volunteer: VolunteerId) {
    const connections = parts.directory.of(volunteer)
    if (connections.length === 0) return
    const totals = await parts.store.volunteerTotals(volunteer)
    const pool = parts.committer().pool()
    let pending = 0
    for (const { record } of connections) pending += pool?.device(record.id)?.pendingCredit ?? 0
    for (const { socket } of connections) socket.emit('totals', { ...totals, pending })
  }

  async function flush() {
    const now = [...due].slice(0, AT_ONCE)
    for (const volunteer of now) due.delete(volunteer)
    await Promise.all(now.map(tell)).catch(() => {})
    timer = null
    plan()
  }

  function plan() {
    if (due.size > 0 && !closed) timer ??= setTimeout(() => void flush(), EVERY_MS)
  }

  return {
    changed(volunteer: VolunteerId) {
      due.add(volunteer)
      plan()
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}
