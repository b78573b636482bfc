import { ask } from '../../components/rest/ask.ts'

/** Where the volunteer's runtime keeps the key it took out of the link. */
const KEPT_AT = 'poolparty:key'

/** Exchanges the pool key this tab was opened with, if any, for the cookie that shows the pool. */
export async function enter(): Promise<void> {
  const key = readKey()
  if (key) await ask('POST', 'enter', { key })
}

function readKey(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AT)
  } catch {
    return null
  }
}
