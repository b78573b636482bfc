import { createHmac } from 'node:crypto'
import { type Hello, helloSchema, type Refusal, type Welcome } from '../../protocol/device.ts'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import { type Abuse, isLoopback } from '../callers.ts'
import type { Committer } from '../committer/committer.ts'
import type { Kernels } from '../kernels.ts'
import { same, type Tokens } from '../secrets.ts'
import {
  type Connection,
  createLine,
  type DeviceSocket,
  type Directory,
  type Faulted,
  joinedFact,
} from './connection.ts'
import { ANONYMOUS, type Identified, type Identities, type Identity } from './identity.ts'
import { sentence } from './receive.ts'

const BUSY_MS = 2000
/** A tab is asked to reload itself for a newer runtime at most this often: a stale cache must not make it spin. */
const RELOAD_EVERY_MS = 10 * 60_000

export interface HelloParts {
  readonly poolName: string
  readonly poolKey: string | null
  /** Keys the addresses, so that what is compared cannot be read back. */
  readonly tokenKey: Uint8Array
  readonly kernels: Kernels
  readonly runtimeHash: string | null
  readonly identities: Identities
  readonly directory: Directory
  readonly tokens: Tokens
  /** Counts wrong pool keys. */
  readonly poolKeys: Abuse
  /** The one-time secret of the agent this pool started, while it runs. */
  hostSecret(): string | null
  committer(): Committer
  /** Takes a connection's device out of the pool; `replaced` tells it why. */
  leave(connection: Connection, replaced: boolean): void
  joined(connection: Connection, identity: Identity): void
  readonly faulted: Faulted
}

export type Greeted =
  | { readonly type: 'in'; readonly connection: Connection }
  | { readonly type: 'out'; malformed: boolean }

/** Lets a device in, or says why not. */
export function createHello(parts: HelloParts) {
  const { directory, tokens, committer } = parts
  const reloaded = new Map<string, number>()

  function refused(reason: Refusal['reason'], message: string, retryAfterMs?: number): Refusal {
    return { type: 'refused', reason, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  }

  async function keyRefusal(hello: Hello, host: boolean, address: string): Promise<Refusal | null> {
    const { poolKey, poolKeys, identities } = parts
    if (hello.hostSecret !== undefined && !host)
      return refused('key', 'This secret is not of an agent this pool started.')
    if (poolKey === null || host) return null
    const needed = refused('key', 'This pool asks for a key: open the link or scan the code it was shared with.')
    if (hello.poolKey === undefined) return needed
    // Guesses of a neighbour keep no device out that was let in before. What it guesses itself is counted as its own.
    const limited = poolKeys.waitMs(address) > 0
    const known = limited && hello.deviceToken !== undefined ? await identities.known(hello.deviceToken) : null
    const who = known ?? address
    const waitMs = poolKeys.waitMs(who)
    if (waitMs > 0) return refused('busy', 'Too many wrong keys came from here. Wait a minute.', waitMs)
    if (same(hello.poolKey, poolKey)) return null
    poolKeys.failed(who)
    return needed
  }

  /**
   * An old tab that holds nothing loses nothing by reloading now; one in the middle of work goes on, and is told.
   * @param who the device, or the address of one that nobody knows yet
   */
  function mustReload(hello: Hello, who: string): boolean {
    const outdated = hello.kind === 'browser' && parts.runtimeHash !== null && hello.runtime !== parts.runtimeHash
    if (!outdated || hello.held.length > 0) return false
    const last = reloaded.get(who) ?? 0
    if (Date.now() - last < RELOAD_EVERY_MS) return false
    reloaded.delete(who)
    reloaded.set(who, Date.now())
    if (reloaded.size > 10_000) reloaded.delete(reloaded.keys().next().value!)
    return true
  }

  function join(connection: Connection, hello: Hello): Pick<Welcome, 'held' | 'paused'> {
    const { record } = connection
    for (const token of hello.held) {
      const claims = tokens.verify(token)
      if (claims && claims.device === record.id) connection.lent.set(token, claims)
    }
    committer().post(joinedFact(connection))
    const { released } = connection.joining ?? { released: new Set() }
    const reputation = committer().pool()?.device(record.id)?.reputation ?? record.reputation
    return {
      held: [...connection.lent.keys()].filter((token) => !released.has(token)),
      paused: reputation?.pausedBecause != null,
    }
  }

  function welcome(connection: Connection, hello: Hello, identity: Identity, answer: (a: Welcome) => void) {
    const { socket } = connection
    const { device, volunteer, deviceToken, volunteerToken } = identity
    const place = join(connection, hello)
    const later = connection.joining?.later ?? []
    connection.joining = null
    answer({
      type: 'welcome',
      pool: { name: parts.poolName },
      device: { id: device.id, name: device.name },
      volunteer: { id: volunteer.id, name: volunteer.name || ANONYMOUS, ownName: volunteer.name },
      deviceToken,
      volunteerToken,
      kernels: parts.kernels,
      ...place,
    })
    for (const message of later) message()
    if (identity.unknownCode)
      socket.emit('tell', { level: 'warn', text: 'This pool does not know that recovery code; you stay who you were.' })
    if (hello.kind === 'browser' && parts.runtimeHash !== null && hello.runtime !== parts.runtimeHash)
      socket.emit('tell', { level: 'info', text: 'This page has a newer version; reload it when it suits you.' })
    parts.joined(connection, identity)
  }

  return async (socket: DeviceSocket, address: string, input: unknown, answer: (a: Welcome | Refusal) => void) => {
    const out = (refusal: Refusal, malformed = false): Greeted => {
      answer(refusal)
      return { type: 'out', malformed }
    }
    // Before anything else: another version's hello may have another shape.
    const protocol = (input as { protocol?: unknown } | null)?.protocol
    if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION)
      return out(
        refused('protocol', 'This pool speaks another version. Reload the page, or start the agent again from it.'),
      )
    const parsed = helloSchema.safeParse(input)
    if (!parsed.success) return out(refused('invalid', sentence(parsed.error)), true)
    const hello = parsed.data
    const secret = parts.hostSecret()
    const host = secret !== null && hello.hostSecret !== undefined && same(hello.hostSecret, secret)
    const starting = () => {
      const no = committer().refusal()
      return no === null ? null : refused('busy', no, BUSY_MS)
    }
    let identified: Identified
    try {
      const early = (await keyRefusal(hello, host, address)) ?? starting()
      if (early) return out(early)
      identified = await parts.identities.identify(hello, host, (known) => {
        if (!socket.connected) return refused('busy', 'The connection broke off.')
        if (mustReload(hello, known?.id ?? address))
          return refused('runtime', 'This page is from an earlier version; it reloads itself.')
        return starting()
      })
    } catch {
      return out(refused('busy', committer().refusal() ?? 'The pool cannot look up devices right now.', BUSY_MS))
    }
    if (identified.type === 'removed') return out(refused('removed', 'The admin of this pool removed this device.'))
    if (identified.type === 'refused') return out(identified.refusal)
    const { identity } = identified
    const { device, volunteer } = identity
    if (!socket.connected) return { type: 'out', malformed: false } satisfies Greeted
    const late = starting()
    if (late) return out(late)
    const before = directory.get(device.id)
    if (before) parts.leave(before, true)
    const connection: Connection = {
      socket,
      record: device,
      volunteer,
      host,
      here: hello.kind === 'agent' && (host || isLoopback(address)),
      network: createHmac('sha256', parts.tokenKey).update(`network.${address}`).digest('base64url').slice(0, 16),
      threads: hello.threads,
      working: true,
      room: 0,
      lent: new Map(),
      briefed: new Set(),
      heldBytes: 0,
      line: createLine((error) => parts.faulted(socket, error)),
      state: null,
      gone: false,
      joining: { released: new Set(), later: [] },
    }
    directory.add(connection)
    try {
      welcome(connection, hello, identity, answer)
    } catch (error) {
      parts.leave(connection, false)
      throw error
    }
    return { type: 'in', connection } satisfies Greeted
  }
}
export type HelloHandler = ReturnType<typeof createHello>
