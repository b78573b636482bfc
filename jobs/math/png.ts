// The frame of a PNG of 8-bit samples. Source: PNG specification, third edition, 5 and 11.

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)
const TRUECOLOUR = 2
const TRUECOLOUR_ALPHA = 6

/** Signature and header. @param channels 3: RGB, 4: RGBA */
export function pngStart(width: number, height: number, channels: 3 | 4): Uint8Array[] {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header[8] = 8
  header[9] = channels === 3 ? TRUECOLOUR : TRUECOLOUR_ALPHA
  return [SIGNATURE, ...chunk('IHDR', header)]
}

/** A part of the scanlines, each behind its filter byte, as zlib packs them; there may be any number of parts. */
export function pngData(deflated: Uint8Array): Uint8Array[] {
  return chunk('IDAT', deflated)
}

export function pngEnd(): Uint8Array[] {
  return chunk('IEND', new Uint8Array(0))
}

function chunk(type: string, data: Uint8Array): Uint8Array[] {
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, data.length)
  for (let i = 0; i < 4; i++) head[4 + i] = type.charCodeAt(i)
  const check = new Uint8Array(4)
  new DataView(check.buffer).setUint32(0, crc32(data, crc32(head.subarray(4))))
  return data.length === 0 ? [head, check] : [head, data, check]
}

const table = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  table[byte] = crc
}

/** CRC-32 (ISO 3309, as PNG and gzip use it) of `bytes`, continuing from the CRC of what came before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  for (let i = 0; i < bytes.length; i++) crc = (table[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}
