import { readdirSync, readFileSync } from 'node:fs'
import { cpus, freemem } from 'node:os'
import { join } from 'node:path'
import type { Vitals } from '../workers/session/ports.ts'

const THERMAL = '/sys/class/thermal'

/** How this machine is: share of all cores in use since the last look, the hottest sensor, free memory. */
export function createVitals() {
  let before = cpuTimes()
  return {
    read(): Vitals {
      const now = cpuTimes()
      const total = now.total - before.total
      const cpuShare = total > 0 ? Math.min(1, Math.max(0, 1 - (now.idle - before.idle) / total)) : undefined
      before = now
      const temperatureC = hottest()
      return {
        freeMemoryBytes: freemem(),
        ...(cpuShare !== undefined && { cpuShare }),
        ...(temperatureC !== undefined && { temperatureC }),
      }
    },
  }
}

function cpuTimes() {
  let idle = 0
  let total = 0
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idle, total }
}

function hottest(): number | undefined {
  let most: number | undefined
  for (const zone of zones()) {
    try {
      const degrees = Number(readFileSync(join(THERMAL, zone, 'temp'), 'utf8')) / 1000
      // Absent sensors read as nonsense; the pool takes −50 … 200.
      if (degrees > -50 && degrees < 200 && !(most !== undefined && most >= degrees)) most = degrees
    } catch {
      // A zone may be there and not readable.
    }
  }
  return most
}

function zones(): readonly string[] {
  try {
    return readdirSync(THERMAL).filter((name) => name.startsWith('thermal_zone'))
  } catch {
    return []
  }
}
