import { open } from 'node:fs/promises'

/** Bytes of a stored text: `[start, end)`, or all of it. */
export async function readRange(path: string, start = 0, end?: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error('The file this job reads was deleted.')
  })
  try {
    const bytes = new Uint8Array((end ?? (await file.stat()).size) - start)
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
      if (bytesRead === 0) throw new Error('The file of this job is shorter than it was.')
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}
