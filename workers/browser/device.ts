import { MAX_THREADS } from '../../protocol/limits.ts'
import type { Battery } from '../session/device.ts'
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

// From here on: what some browsers offer, some only on https, and the runtime can do without.

interface BatteryManager extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

/** Tells the battery's state now and whenever it changes, where the browser tells it. */
export function watchBattery(tell: (battery: Battery) => void) {
  const { getBattery } = navigator as { getBattery?: () => Promise<BatteryManager> }
  getBattery
    ?.call(navigator)
    .then((battery) => {
      const update = () => tell({ charge: battery.level, charging: battery.charging })
      battery.addEventListener('levelchange', update)
      battery.addEventListener('chargingchange', update)
      update()
    })
    .catch(() => {})
}

/** The network is back or the tab was woken: moments at which a connection may work again. */
export function watchReturn(nudge: () => void) {
  window.addEventListener('online', nudge)
  document.addEventListener('resume', nudge)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && nudge())
}

/** Keeps the screen on while `wanted`, as far as the browser lets us; it must be asked again after each hiding. */
export function createWakeLock() {
  let wanted = false
  let held: WakeLockSentinel | undefined
  let asking = false

  async function adjust() {
    if (asking) return
    asking = true
    try {
      if (wanted && (!held || held.released) && document.visibilityState === 'visible')
        held = await (navigator as { wakeLock?: WakeLock }).wakeLock?.request('screen')
      else if (!wanted && held) {
        const old = held
        held = undefined
        await old.release()
      }
    } catch {
      // Refused, for example on low battery.
    } finally {
      asking = false
    }
  }

  document.addEventListener('visibilitychange', () => void adjust())
  return {
    want(wish: boolean) {
      if (wish === wanted) return
      wanted = wish
      void adjust()
    },
  }
}

/** Calls once when nobody is in the middle of typing. */
export function whenNobodyTypes(then: () => void) {
  const typing = () => {
    const field = document.activeElement
    return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== ''
  }
  if (!typing()) return then()
  const look = () => {
    if (typing()) return
    document.removeEventListener('focusout', later)
    then()
  }
  // Focus has not moved on yet when it leaves.
  const later = () => setTimeout(look)
  document.addEventListener('focusout', later)
}
