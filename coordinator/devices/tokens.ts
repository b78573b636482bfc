import { createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'
import type { DeviceId, JobId, LeaseId } from '../../protocol/ids.ts'
import type { LeaseClaims } from '../pool/job.ts'

/** Lease tokens: what a lease says, signed. Nothing of a lease is stored; the signature is what makes it ours. */
export interface Tokens {
  /** The same claims give the same token. */
  sign(claims: LeaseClaims): string
  /** Null for whatever this pool did not sign. */
  verify(token: string): LeaseClaims | null
}

const text = z.string()
const whole = z.int()
/** Order of the fields in a token; shorter than names. */
const fields = z.tuple([text, text, whole, whole, text, whole, text])

export function createTokens(key: Uint8Array): Tokens {
  const signature = (body: string) => createHmac('sha256', key).update('lease.').update(body).digest()
  return {
    sign({ lease, job, from, to, device, issuedAt, kernelHash }) {
      const body = Buffer.from(JSON.stringify([lease, job, from, to, device, issuedAt, kernelHash])).toString(
        'base64url',
      )
      return `${body}.${signature(body).toString('base64url')}`
    },
    verify(token) {
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
