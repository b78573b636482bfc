import { createHmac } from 'node:crypto'
import type { Hello, Refusal } from '../../protocol/device.ts'
import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import { MAX_NAME_LENGTH } from '../../protocol/limits.ts'
import { newId, newSecret, secretHash } from '../secrets.ts'
import type { DeviceRecord, Store, VolunteerRecord } from '../store/port.ts'

/** Who is at the other end: a device and the volunteer who owns it. */
export interface Identity {
  readonly device: DeviceRecord
  readonly volunteer: VolunteerRecord
  readonly deviceToken: string
  readonly volunteerToken: string
  /** When this device was last here; null for a new one. */
  readonly lastSeenAt: number | null
  /** It named a volunteer that this pool does not know, and stays the one it was. */
  readonly unknownCode: boolean
}

export type Identified =
  | { readonly type: 'known'; readonly identity: Identity }
  | { readonly type: 'removed' }
  | { readonly type: 'refused'; readonly refusal: Refusal }

/** As much as a name may have, never half a character. */
function beginning(text: string): string {
  return text.slice(0, MAX_NAME_LENGTH).replace(/[\ud800-\udbff]$/, '')
}

/** Why a device that was found, or would be made, may not come in now; asked before anything of it is kept. */
export type Gate = (known: DeviceRecord | undefined) => Refusal | null

/**
 * Finds or makes the device and the volunteer of a hello. A new device may bring secrets of its own making (an agent
 * that derives them, or one that outlived the database): they become its identity here.
 */
export function createIdentities(store: Store, key: Uint8Array) {
  const asking = new Map<string, Promise<unknown>>()
  const arrivals = createArrivals(store)

  /** The secret of a volunteer made here is derived, so that it can be told again while only its hash is kept. */
  const derived = (id: VolunteerId) =>
    createHmac('sha256', key).update('volunteer.').update(id).digest('base64url').slice(0, 24)

  async function ownVolunteer(token: string | undefined, known: DeviceRecord | undefined, now: number) {
    const named = token === undefined ? undefined : await store.volunteerByToken(secretHash(token))
    if (named) return { volunteer: named, isNew: false, unknownCode: false }
    const owner = known && (await store.volunteer(known.volunteer))
    if (owner) return { volunteer: owner, isNew: false, unknownCode: token !== undefined }
    const id = newId<VolunteerId>()
    const tokenHash = secretHash(token ?? derived(id))
    return { volunteer: { id, name: '', tokenHash, hidden: false, createdAt: now }, isNew: true, unknownCode: false }
  }

  async function identify(hello: Hello, host: boolean, gate: Gate): Promise<Identified> {
    const now = Date.now()
    const { deviceToken: given } = hello
    const known = given === undefined ? undefined : await store.deviceByToken(secretHash(given))
    if (known?.removed) return { type: 'removed' }
    const deviceToken = given ?? newSecret()
    const { volunteer: found, isNew, unknownCode } = await ownVolunteer(hello.volunteerToken, known, now)
    const refusal = gate(known)
    if (refusal) return { type: 'refused', refusal }
    // A volunteer who is known changes the name by a rename: a hello may remember an old name, or that of somebody else
    // whom the device left by a recovery code.
    const volunteer = isNew && hello.name !== undefined ? { ...found, name: cleanName(hello.name) } : found
    const device: DeviceRecord = {
      id: known ? known.id : newId<DeviceId>(),
      volunteer: volunteer.id,
      name: known ? known.name : beginning(cleanName(hello.platform)),
      kind: hello.kind,
      tokenHash: secretHash(deviceToken),
      threads: hello.threads,
      cores: hello.cores,
      platform: cleanName(hello.platform),
      version: cleanName(hello.runtime),
      host,
      removed: false,
      createdAt: known ? known.createdAt : now,
      lastSeenAt: now,
      reputation: known ? known.reputation : null,
    }
    if (known) await store.saveDevice(device)
    if (isNew || !known) await arrivals.save(isNew ? volunteer : null, known ? null : device)
    const made = derived(volunteer.id)
    const volunteerToken = volunteer.tokenHash === secretHash(made) ? made : (hello.volunteerToken ?? '')
    return {
      type: 'known',
      identity: {
        device,
        volunteer,
        deviceToken,
        volunteerToken,
        lastSeenAt: known ? known.lastSeenAt : null,
        unknownCode,
      },
    }
  }

  return {
    /** The device whose secret this is, unless it was removed. */
    async known(deviceToken: string): Promise<DeviceId | null> {
      const device = await store.deviceByToken(secretHash(deviceToken))
      return device && !device.removed ? device.id : null
    },
    /** One at a time for the same secrets: two agents of one name that start together become one volunteer. */
    async identify(hello: Hello, host: boolean, gate: Gate): Promise<Identified> {
      const keys = [hello.deviceToken, hello.volunteerToken].filter((token) => token !== undefined)
      const before = Promise.allSettled(keys.map((token) => asking.get(token)))
      const mine = before.then(() => identify(hello, host, gate))
      for (const token of keys) asking.set(token, mine)
      try {
        return await mine
      } finally {
        for (const token of keys) if (asking.get(token) === mine) asking.delete(token)
      }
    },
  }
}
export type Identities = ReturnType<typeof createIdentities>

/** Newcomers in one write. */
const AT_ONCE = 500

interface Arrival {
  readonly volunteer: VolunteerRecord | null
  readonly device: DeviceRecord | null
  resolve(): void
  reject(error: unknown): void
}

/** Saves newcomers; whoever comes while some are being saved is saved with the next. */
export function createArrivals(store: Pick<Store, 'saveNewcomers'>) {
  const waiting: Arrival[] = []
  let saving = false

  async function save() {
    saving = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, AT_ONCE)
      try {
        await store.saveNewcomers({
          volunteers: batch.flatMap(({ volunteer }) => volunteer ?? []),
          devices: batch.flatMap(({ device }) => device ?? []),
        })
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    saving = false
  }

  return {
    /** Durable when it resolves. */
    save(volunteer: VolunteerRecord | null, device: DeviceRecord | null): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ volunteer, device, resolve, reject })
        if (!saving) void save()
      })
    },
  }
}

/** Controls, line separators, lone halves of characters, and marks that turn the direction of the text around a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** More marks on one letter than any script needs paint over the lines above and below. */
const STACKED = /(\p{M}{3})\p{M}+/gu

/** A name as people may see it: one line that cannot reach beyond its place. Joiners stay, emoji need them. */
export function cleanName(name: string): string {
  return name.toWellFormed().replace(/\s+/gu, ' ').replace(UNSEEN, '').replace(STACKED, '$1').normalize('NFC').trim()
}

/** What stands where a volunteer gave no name. */
export const ANONYMOUS = 'Anonymous'
