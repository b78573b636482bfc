import { access, constants, open, stat } from 'node:fs/promises'
import type { Disk } from '../workers/session/ports.ts'

/**
 * Inputs on this machine's own disk. A pool names the file, and is trusted as far as its kernels are, which run with the
 * same rights; that it is the same file and not one that happens to stand under the same path is looked up.
 */
export const disk: Disk = {
  async has({ path, identity }) {
    try {
      const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true })
      await access(path, constants.R_OK)
      return [dev, ino, size, mtimeNs].join('-') === identity
    } catch {
      return false
    }
  },
  async read({ path }, start, bytes) {
    const file = await open(path)
    try {
      const body = new Uint8Array(bytes)
      for (let at = 0; at < bytes; ) {
        const { bytesRead } = await file.read(body, at, bytes - at, start + at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        at += bytesRead
      }
      return body
    } finally {
      await file.close()
    }
  },
}

/** Whether this address can only be this machine. */
export function isHere(origin: string): boolean {
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(origin).hostname)
}
