/** A line longer than this is no price; what is cut off would only fill memory. */
const MAX_LINE_BYTES = 64 * 1024

/** Lines of a UTF-8 text, without their ends (LF, CRLF or CR), a byte order mark and what exceeds 64 KB of a line. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let first = true
  for await (const bytes of body) {
    const text = rest + decoder.decode(bytes, { stream: true })
    // A CR at the very end may be half of a CRLF.
    const held = text.endsWith('\r') ? '\r' : ''
    const lines = (held ? text.slice(0, -1) : text).split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES) + held
    for (const line of lines) {
      yield first ? withoutMark(line) : line
      first = false
    }
  }
  rest += decoder.decode()
  const last = rest.replace(/\r$/, '')
  if (last !== '') yield first ? withoutMark(last) : last
}

// TextDecoder removes a mark at the very start by itself; exports glued together keep a second one.
function withoutMark(line: string): string {
  return line.replace(/^\uFEFF/, '')
}
