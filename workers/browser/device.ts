import { MAX_THREADS } from '../../protocol/limits.ts'
import type { Power } from '../state.ts'

interface UserAgentData {
  readonly mobile: boolean
  readonly platform: string
}

export interface DeviceTraits {
  readonly cores: number
  readonly phone: boolean
  /** For people: "Chrome on Android". */
  readonly platform: string
  /** What a first Start lends: half of a computer's cores, one core half the time of a phone. */
  readonly power: Power
}

export function lookAtDevice(): DeviceTraits {
  const data = (navigator as { userAgentData?: UserAgentData }).userAgentData
  const agent = navigator.userAgent
  // Absent in some private windows: then two, as even small phones have.
  const cores = Math.min(MAX_THREADS, Math.max(1, navigator.hardwareConcurrency || 2))
  const small = Math.min(screen.width, screen.height) < 600 && matchMedia('(pointer: coarse)').matches
  const phone = data?.mobile ?? (small || /Mobi|Android|iPhone|iPad/.test(agent))
  const power = phone ? { threads: 1, duty: 0.5 } : { threads: Math.max(1, Math.floor(cores / 2)), duty: 1 }
  return { cores, phone, power, platform: `${browserName(agent)} on ${systemName(agent, data)}` }
}

/** Order matters: most browsers also claim to be Chrome and Safari. */
function browserName(agent: string): string {
  const names = { Edg: 'Edge', OPR: 'Opera', SamsungBrowser: 'Samsung Internet', Firefox: 'Firefox', FxiOS: 'Firefox' }
  const more = { CriOS: 'Chrome', Chrome: 'Chrome', Safari: 'Safari' }
  const found = Object.entries({ ...names, ...more }).find(([mark]) => agent.includes(`${mark}/`))
  return found?.[1] ?? 'a browser'
}

function systemName(agent: string, data: UserAgentData | undefined): string {
  if (/iPhone/.test(agent)) return 'iPhone'
  // An iPad calls itself a Mac; only it has fingers.
  if (/iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return 'iPad'
  const names = { Android: 'Android', CrOS: 'ChromeOS', Windows: 'Windows', Macintosh: 'macOS', Linux: 'Linux' }
  const found = Object.entries(names).find(([mark]) => agent.includes(mark))
  return found?.[1] ?? data?.platform ?? 'an unknown system'
}

/** What the runtime cannot do without. */
export function canCompute(): boolean {
  return typeof Worker === 'function' && typeof WebAssembly === 'object' && typeof WebSocket === 'function'
}
