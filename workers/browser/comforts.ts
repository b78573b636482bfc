import type { Battery } from '../session/wishes.ts'

// What some browsers offer, some only on https, and the runtime can do without.

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
