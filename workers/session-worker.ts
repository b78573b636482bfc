import * as Comlink from 'comlink'
import { openThread, type Thread } from './compute/thread.ts'
import { type Battery, clock } from './session/device.ts'
import { connectTo } from './session/link.ts'
import type { SessionEvent, SessionFacts, SessionPorts, SessionSettings } from './session/ports.ts'
import { createSession, type Session } from './session.ts'
import type { OwnTile, Power } from './state.ts'

// A browser's session worker: the session with what a worker has. All timing lives here, because a hidden tab slows the
// page's timers and leaves workers alone. The page calls it by Comlink and hears news as plain messages `{ news }`.

export type News =
  | Exclude<SessionEvent, { readonly type: 'changed' | 'painted' }>
  | { readonly type: 'facts'; readonly facts: SessionFacts }
  | { readonly type: 'tile'; readonly tile: Omit<OwnTile, 'key'> }

/** People do not read faster. */
const FACTS_EVERY_MS = 150

let session: Session | undefined
const scope = globalThis as unknown as Comlink.Endpoint

function tell(news: News, move: Transferable[] = []) {
  scope.postMessage({ news }, move)
}

function spawn(url: string): Thread {
  const worker = new Worker(url, { type: 'module' })
  return openThread({
    endpoint: worker,
    terminate: () => worker.terminate(),
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        listener(`The worker stopped: ${event.message || 'its script could not be loaded'}.`)
      })
      worker.addEventListener('messageerror', () => listener('The worker said something that could not be read.'))
    },
  })
}

/** Facts at a bounded pace, and only when they differ. */
function createFactsTeller() {
  let waiting = false
  let told = ''
  function now() {
    waiting = false
    const facts = session?.facts()
    const text = JSON.stringify(facts)
    if (!facts || text === told) return
    told = text
    tell({ type: 'facts', facts })
  }
  return {
    now,
    soon() {
      if (waiting) return
      waiting = true
      setTimeout(now, FACTS_EVERY_MS)
    },
  }
}

const facts = createFactsTeller()

function notify(event: SessionEvent) {
  switch (event.type) {
    case 'changed':
      return facts.soon()
    case 'painted': {
      const { job, title, tile } = event
      return tell({ type: 'tile', tile: { job, title, ...tile } }, [tile.rgba.buffer])
    }
    case 'ended':
      facts.now()
      return tell(event)
    case 'message':
    case 'welcomed':
    case 'outdated':
      return tell(event)
    default:
      event satisfies never
  }
}

function portsFor(computeUrl: string): SessionPorts {
  const { origin } = globalThis.location
  return {
    connect: () => connectTo(origin, (bytes) => bytes.slice().buffer),
    spawn: () => spawn(computeUrl),
    clock,
    random: Math.random,
    async fetchBytes(path) {
      const response = await fetch(path)
      if (!response.ok) throw new Error(`the pool answered ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    notify,
  }
}

const host = {
  begin(settings: SessionSettings, computeUrl: string) {
    session = createSession(portsFor(computeUrl), settings)
    session.start()
    facts.now()
  },
  pause: () => session?.pause(),
  resume: () => session?.resume(),
  finish: () => session?.finish(),
  stop: () => session?.stop(),
  yieldTo: () => session?.yield(),
  setPower: (power: Partial<Power>) => session?.setPower(power),
  rename: (name: string) => session?.rename(name),
  recover: (code: string) => session?.recover(code),
  setBattery: (battery: Battery) => session?.setBattery(battery),
  nudge: () => session?.nudge(),
}
export type SessionHost = typeof host
Comlink.expose(host, scope)
