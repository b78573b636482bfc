import { createHash, randomBytes } from 'node:crypto'

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
