import type { Namespace, Socket } from 'socket.io'
import type { CoordinatorToDevice, DeviceState, DeviceToCoordinator } from '../../protocol/device.ts'
import type { JobId, VolunteerId } from '../../protocol/ids.ts'
import { MAX_HELD_LEASES } from '../../protocol/limits.ts'
import type { Log } from '../log.ts'
import type { LeaseClaims } from '../pool/job.ts'
import type { DeviceRecord, VolunteerRecord } from '../store/port.ts'

export type DeviceNamespace = Namespace<DeviceToCoordinator, CoordinatorToDevice>
export type DeviceSocket = Socket<DeviceToCoordinator, CoordinatorToDevice>

/** A device that has said hello and was let in. */
export interface Connection {
  readonly socket: DeviceSocket
  record: DeviceRecord
  volunteer: VolunteerRecord
  /** The pool's own agent. */
  readonly host: boolean
  /** An agent on this machine. */
  readonly here: boolean
  /** Keyed hash of the address it came from. */
  readonly network: string
  threads: number
  working: boolean
  /** Leases it has room for, by its last ask less what it was lent since. */
  room: number
  /** What it was lent on this connection or brought along, by token; the oldest go first. */
  readonly lent: Map<string, LeaseClaims>
  /** Jobs it was told of. */
  readonly briefed: Set<JobId>
  /** Bytes of its results that are not durable yet. */
  heldBytes: number
  state: DeviceState | null
  readonly line: Line
  /** Said `bye`: what it held went to others already. */
  gone: boolean
  /** Set while the pool is being told of it: what the pool says meanwhile must not overtake the welcome. */
  joining: { readonly released: Set<string>; readonly later: (() => void)[] } | null
}

/** Who is connected right now. */
export function createDirectory() {
  const byDevice = new Map<string, Connection>()
  const byVolunteer = new Map<VolunteerId, readonly Connection[]>()
  return {
    get: (device: string) => byDevice.get(device),
    all: () => byDevice.values(),
    add(connection: Connection) {
      byDevice.set(connection.record.id, connection)
      const { id } = connection.volunteer
      byVolunteer.set(id, [...(byVolunteer.get(id) ?? []), connection])
    },
    remove(connection: Connection) {
      if (byDevice.get(connection.record.id) === connection) byDevice.delete(connection.record.id)
      const { id } = connection.volunteer
      const others = (byVolunteer.get(id) ?? []).filter((one) => one !== connection)
      if (others.length > 0) byVolunteer.set(id, others)
      else byVolunteer.delete(id)
    },
    get size() {
      return byDevice.size
    },
    /** Connected devices of one volunteer. */
    of: (volunteer: VolunteerId) => byVolunteer.get(volunteer) ?? [],
  }
}
export type Directory = ReturnType<typeof createDirectory>

/** What a pool is told of a device that is here, also one that was restored after a failed commit. */
export function joinedFact({ record, network, threads, host, lent }: Connection) {
  const { id: device, volunteer, reputation } = record
  const held = [...lent.values()]
  return { type: 'deviceJoined', device, volunteer, network, threads, host, reputation, held } as const
}

/** Twice what a device can hold: leases it has finished are remembered until their results are in. */
const LENT_KEPT = 2 * MAX_HELD_LEASES

export function rememberLease(connection: Connection, token: string, claims: LeaseClaims) {
  connection.lent.set(token, claims)
  if (connection.lent.size > LENT_KEPT) connection.lent.delete(connection.lent.keys().next().value!)
}

/**
 * Keeps what a device says in the order it said it, although its results take a while to be measured: an ask that overtook
 * a result would find the device's hands still full.
 */
export function createLine(failed: (error: unknown) => void) {
  const entries: { run: (() => void) | null }[] = []

  function drain() {
    while (entries[0]?.run) {
      try {
        entries.shift()?.run?.()
      } catch (error) {
        failed(error)
      }
    }
  }

  return {
    /** At once, or as soon as everything before it has run. */
    now(run: () => void): void {
      if (entries.length === 0) run()
      else entries.push({ run })
    },
    /** Takes a place; what is given to the answer runs there. */
    later(): (run: () => void) => void {
      const entry: { run: (() => void) | null } = { run: null }
      entries.push(entry)
      return (run) => {
        entry.run = run
        drain()
      }
    },
  }
}
export type Line = ReturnType<typeof createLine>

/** Ends a connection in whose handling something of ours failed, and nothing but that connection. */
export type Faulted = (socket: DeviceSocket, error: unknown) => void

export function createFaulted({ counts, log }: { counts: { faults: number }; log: Log }): Faulted {
  return (socket, error) => {
    counts.faults++
    log.error({ err: error, address: socket.data.address }, 'a device could not be served; its connection is closed')
    socket.disconnect(true)
  }
}
