// Lists of 32-bit words as the database keeps them: little-endian, and a single word when all are equal, as sizes and
// prices often are.

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

export function wordsToBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  return littleEndian ? bytes : swap(bytes.slice())
}

export function bytesToWords(bytes: Uint8Array): Uint32Array {
  // Copied: a view would need an offset that is a multiple of four.
  const copy = bytes.slice()
  return new Uint32Array((littleEndian ? copy : swap(copy)).buffer)
}

/** A list of one stands for any number of equal words. */
export function squeeze(words: Uint32Array): Uint32Array {
  const first = words[0]
  return words.length > 1 && words.every((word) => word === first) ? words.subarray(0, 1) : words
}

export function unsqueeze(words: Uint32Array, length: number): Uint32Array {
  return words.length === length ? words : new Uint32Array(length).fill(words[0] ?? 0)
}

function swap(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse()
  return bytes
}
