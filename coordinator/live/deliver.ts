import type { DefaultEventsMap, Namespace, Socket } from 'socket.io'
import type { LiveToPage, PageToLive } from '../../protocol/live.ts'
import { SLOW_BYTES, unreadBytes } from '../wire.ts'

export type LiveNamespace = Namespace<PageToLive, LiveToPage, DefaultEventsMap, { address: string }>
export type Viewer = Socket<PageToLive, LiveToPage, DefaultEventsMap, { address: string }>

/** Unread by all viewers of one address together; whoever opens many pages does not get more for it. */
const ADDRESS_BYTES = 32 * 1024 * 1024

export type Emit = (to: Pick<LiveNamespace, 'emit'>) => void

/** Sends to viewers that take what they are sent; to the others it owes the topic as it will be when they can. */
export function createDelivery(namespace: LiveNamespace) {
  const owed = new Map<string, Set<string>>()

  function owe(topic: string, id: string) {
    const ids = owed.get(topic)
    if (ids) ids.add(id)
    else owed.set(topic, new Set([id]))
  }

  /** Which viewers can take more now. */
  function keepingUp(): (viewer: Viewer) => boolean {
    const byAddress = new Map<string, number>()
    for (const { conn, data } of namespace.sockets.values())
      byAddress.set(data.address, (byAddress.get(data.address) ?? 0) + unreadBytes(conn))
    return ({ conn, data }) => unreadBytes(conn) <= SLOW_BYTES && (byAddress.get(data.address) ?? 0) <= ADDRESS_BYTES
  }

  return {
    owe,
    get owes() {
      return owed.size > 0
    },
    /** The message is encoded once for all of them. */
    send(topic: string, ids: Iterable<string>, emit: Emit): void {
      const can = keepingUp()
      const ready: string[] = []
      for (const id of ids) {
        const viewer = namespace.sockets.get(id)
        // It may have left, or watch something else by now.
        if (!viewer?.rooms.has(topic)) continue
        if (can(viewer)) ready.push(id)
        else owe(topic, id)
      }
      if (ready.length > 0) emit(namespace.to(ready) as unknown as LiveNamespace)
    },
    /** Topics owed to viewers that can take more now; they are no longer owed. */
    due(only?: string): { topic: string; ids: string[] }[] {
      const can = keepingUp()
      const due: { topic: string; ids: string[] }[] = []
      for (const [topic, all] of owed) {
        const ids: string[] = []
        for (const id of only === undefined ? all : all.has(only) ? [only] : []) {
          const viewer = namespace.sockets.get(id)
          if (viewer && !can(viewer)) continue
          all.delete(id)
          if (viewer) ids.push(id)
        }
        if (all.size === 0) owed.delete(topic)
        if (ids.length > 0) due.push({ topic, ids })
      }
      return due
    },
  }
}
