import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { DeviceId, JobId, LeaseId } from '../protocol/ids.ts'
import { readIfThere, writeDurably } from './disk.ts'
import type { LeaseClaims } from './pool/job.ts'

/** What this pool keeps to itself, in files that only its owner may read. */
export async function openSecrets(dataDir: string, givenAdminKey: string | null) {
  const adminKeyFile = join(dataDir, 'admin-key')
  return {
    adminKey: givenAdminKey ?? (await secret(adminKeyFile, () => randomBytes(18).toString('base64url'))),
    /** Where people find the admin key; null when it was given as a setting. */
    adminKeyFile: givenAdminKey === null ? adminKeyFile : null,
    /** Signs leases and admin sessions. */
    tokenKey: Buffer.from(await secret(join(dataDir, 'token-key'), () => randomBytes(32).toString('hex')), 'hex'),
    /** Draws audits: the same after a restart, foreseeable by nobody. */
    auditKey: Buffer.from(await secret(join(dataDir, 'audit-key'), () => randomBytes(16).toString('hex')), 'hex'),
  }
}

async function secret(path: string, make: () => string): Promise<string> {
  const kept = await readIfThere(path)
  if (kept.trim() !== '') {
    await chmod(path, 0o600)
    return kept.trim()
  }
  const made = make()
  await writeDurably(path, `${made}\n`)
  return made
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 16 letters of Crockford's alphabet, 80 random bits: URL-safe and readable aloud. */
export function newId<Id extends string>(): Id {
  let text = ''
  for (const byte of randomBytes(16)) text += ALPHABET[byte & 31]
  return text as Id
}

/** A secret that makes a returning device or volunteer the same one. */
export function newSecret(): string {
  return randomBytes(18).toString('base64url')
}

/** What is kept of a secret. The secrets are random, so a plain hash cannot be reversed. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** In constant time, whatever their lengths. */
export function same(given: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash(given)), Buffer.from(secretHash(right)))
}

const text = z.string()
const whole = z.int()
/** Order of the fields in a token; shorter than names. */
const fields = z.tuple([text, text, whole, whole, text, whole, text])

/** Lease tokens: what a lease says, signed. Nothing of a lease is stored; the signature is what makes it ours. */
export function createTokens(key: Uint8Array) {
  const signature = (body: string) => createHmac('sha256', key).update('lease.').update(body).digest()
  return {
    /** The same claims give the same token. */
    sign({ lease, job, from, to, device, issuedAt, kernelHash }: LeaseClaims): string {
      const claims = JSON.stringify([lease, job, from, to, device, issuedAt, kernelHash])
      const body = Buffer.from(claims).toString('base64url')
      return `${body}.${signature(body).toString('base64url')}`
    },
    /** Null for whatever this pool did not sign. */
    verify(token: string): LeaseClaims | null {
      const dot = token.indexOf('.')
      if (dot < 1) return null
      const body = token.slice(0, dot)
      const given = Buffer.from(token.slice(dot + 1), 'base64url')
      const right = signature(body)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null
      // Signed by us, but perhaps by an earlier release with other fields.
      const parsed = fields.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
      if (!parsed.success) return null
      const [lease, job, from, to, device, issuedAt, kernelHash] = parsed.data
      return {
        lease: lease as LeaseId,
        job: job as JobId,
        from,
        to,
        device: device as DeviceId,
        issuedAt,
        kernelHash,
      }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>
