import { isUtf8 } from 'node:buffer'
import { type Encoding, FileProblem } from './port.ts'

/** Latin-1 and UTF-8 look alike for a while, so the guess is made from the beginning and then stands. */
export const ENCODING_SAMPLE_BYTES = 1 << 20

interface DetectedEncoding {
  readonly encoding: Encoding
  /** Length of a byte order mark, which is not part of the text. */
  readonly mark: number
}

/** From the first megabyte. Throws {@link FileProblem} for what is no text at all. */
export function detectEncoding(head: Uint8Array): DetectedEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 }
  const zeros = [0, 0] as [number, number]
  let controls = 0
  for (let i = 0; i < head.length; i++) {
    const byte = head[i]!
    if (byte === 0) zeros[i & 1]!++
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls++
  }
  // Figures and delimiters are ASCII, so every second byte of UTF-16 is zero, and none of the others.
  const pairs = head.length / 2
  if (zeros[1] > pairs * 0.7 && zeros[0] < pairs * 0.1) return { encoding: 'utf-16le', mark: 0 }
  if (zeros[0] > pairs * 0.7 && zeros[1] < pairs * 0.1) return { encoding: 'utf-16be', mark: 0 }
  if (zeros[0] + zeros[1] + controls > head.length * 0.01)
    throw new FileProblem('not-text', 'This file is not text: it is full of bytes that no CSV file holds.')
  return { encoding: isUtf8(head.subarray(0, wholeCharacters(head))) ? 'utf-8' : 'latin1', mark: 0 }
}

/** Length without a character that is cut off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

interface Transcoder {
  push(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
  /** Replacement characters written for bytes that were no text. */
  replaced(): number
}

export function createTranscoder(encoding: Encoding): Transcoder {
  switch (encoding) {
    case 'utf-8':
      return utf8()
    case 'utf-16le':
    case 'utf-16be':
      return utf16(encoding)
    case 'latin1':
      return {
        push: (bytes) =>
          Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), 'utf8'),
        end: () => new Uint8Array(),
        replaced: () => 0,
      }
    default:
      return encoding satisfies never
  }
}

const REPLACEMENT = /\ufffd/g

/** Valid stretches pass as they are; only invalid ones are decoded and written again. */
function utf8(): Transcoder {
  let held: Uint8Array = new Uint8Array()
  let replaced = 0
  function clean(bytes: Uint8Array): Uint8Array {
    if (isUtf8(bytes)) return bytes
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    // Replacement characters that stood in the file already are no loss.
    replaced += (text.match(REPLACEMENT)?.length ?? 0) - countOf(bytes)
    return Buffer.from(text, 'utf8')
  }
  return {
    push(bytes) {
      const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
      const length = wholeCharacters(all)
      held = all.slice(length)
      return clean(all.subarray(0, length))
    },
    end: () => clean(held),
    replaced: () => replaced,
  }
}

const WRITTEN_REPLACEMENT = Buffer.from('\ufffd', 'utf8')

function countOf(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let count = 0
  for (let at = buffer.indexOf(WRITTEN_REPLACEMENT); at >= 0; at = buffer.indexOf(WRITTEN_REPLACEMENT, at + 3)) count++
  return count
}

function utf16(encoding: 'utf-16le' | 'utf-16be'): Transcoder {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  let replaced = 0
  function written(text: string): Uint8Array {
    replaced += text.match(REPLACEMENT)?.length ?? 0
    return Buffer.from(text, 'utf8')
  }
  return {
    push: (bytes) => written(decoder.decode(bytes, { stream: true })),
    end: () => written(decoder.decode()),
    replaced: () => replaced,
  }
}
