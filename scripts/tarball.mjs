import { gzipSync } from 'node:zlib'

const BLOCK = 512
const OPERATING_SYSTEM = 9
/** npm refuses nothing, but some tools frown on files from 1970; any fixed time makes the same bytes each time. */
const TIME = Date.UTC(2025, 0, 1) / 1000

/**
 * A gzipped ustar archive, the same bytes for the same files.
 * @param {readonly { name: string, contents: Uint8Array, executable?: boolean }[]} files
 */
export function packTarball(files) {
  const blocks = files.flatMap(({ name, contents, executable }) => [
    header(name, contents.length, executable ? 0o755 : 0o644),
    contents,
    Buffer.alloc((BLOCK - (contents.length % BLOCK)) % BLOCK),
  ])
  // Two empty blocks end an archive.
  const zipped = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 })
  // zlib writes no time into its header, but the system it ran on.
  zipped[OPERATING_SYSTEM] = 255
  return zipped
}

/** @param {string} name @param {number} size @param {number} mode */
function header(name, size, mode) {
  const block = Buffer.alloc(BLOCK)
  const octal = (/** @type {number} */ value, /** @type {number} */ digits) =>
    `${value.toString(8).padStart(digits, '0')}\0`
  block.write(name, 0)
  block.write(octal(mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(TIME, 11), 136)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  // The checksum is of the header with spaces in its own place.
  block.fill(' ', 148, 156)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return block
}
