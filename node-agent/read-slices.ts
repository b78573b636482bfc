import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/**
 * Reads `file:///…?slices=0-10,30-40` into one body. Only for the pool that started this agent, on the same machine: any
 * other could ask for whatever it likes.
 */
export async function readSlices(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(address)
  const slices = (url.searchParams.get('slices') ?? '').split(',').map((text) => text.split('-').map(Number))
  url.search = ''
  const body = new Uint8Array(slices.reduce((sum, [start = 0, end = 0]) => sum + end - start, 0))
  const file = await open(fileURLToPath(url))
  try {
    let filled = 0
    for (const [start = 0, end = 0] of slices) {
      for (let at = start; at < end; ) {
        const { bytesRead } = await file.read(body, filled, end - at, at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        at += bytesRead
        filled += bytesRead
      }
    }
  } finally {
    await file.close()
  }
  return body
}
