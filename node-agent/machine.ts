import { readdirSync, readFileSync } from 'node:fs'
import { access, constants, open, stat } from 'node:fs/promises'
import { cpus, freemem } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { openThread } from '../workers/compute/thread.ts'
import type { Disk, Vitals } from '../workers/session/ports.ts'

// What this machine gives to a session: threads, its disk, how warm and how busy it is.

const THERMAL = '/sys/class/thermal'

/** What a worker needs to know to fetch kernels. */
export interface WorkerData {
  readonly origin: string
}

/** A thread of this process; `script` is the built worker. */
export function spawnThread(script: URL, data: WorkerData) {
  const worker = new Worker(script, { workerData: data })
  let ended = false
  return openThread({
    endpoint: nodeEndpoint(worker),
    terminate() {
      ended = true
      void worker.terminate()
    },
    onDeath(listener) {
      worker.on('error', (error) => ended || listener(`The thread ended: ${error.message}`))
      worker.on('exit', (code) => ended || listener(`The thread ended with code ${code}.`))
    },
  })
}

/**
 * Inputs on this machine's own disk. A pool names the file, and is trusted as far as its kernels are, which run with the
 * same rights; that it is the same file and not one that happens to stand under the same path is looked up.
 */
export const disk: Disk = {
  async has({ path, identity }) {
    try {
      const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true })
      await access(path, constants.R_OK)
      return [dev, ino, size, mtimeNs].join('-') === identity
    } catch {
      return false
    }
  },
  async read({ path }, start, bytes) {
    const file = await open(path)
    try {
      const body = new Uint8Array(bytes)
      for (let at = 0; at < bytes; ) {
        const { bytesRead } = await file.read(body, at, bytes - at, start + at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        at += bytesRead
      }
      return body
    } finally {
      await file.close()
    }
  },
}

/** Whether this address can only be this machine. */
export function isHere(origin: string): boolean {
  return /^(localhost|127\..*|\[::1\])$/.test(new URL(origin).hostname)
}

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
