import * as Comlink from 'comlink'
import { MAX_NAME_LENGTH } from '../../protocol/limits.ts'
import { type Battery, possible } from '../session/device.ts'
import type { SessionSettings } from '../session/ports.ts'
import type { News, SessionHost } from '../session-worker.ts'
import type { Message, OwnTile, PoolParty, StartWish, VolunteerState } from '../state.ts'
import { canCompute, createWakeLock, lookAtDevice, watchBattery, watchReturn, whenNobodyTypes } from './device.ts'
import { createElection } from './election.ts'
import { mayReload, noteWish, remember, remembered, takePoolKey, takeWish, type Wish } from './memory.ts'
import { type Situation, STALE, snapshot, UNLOADED } from './snapshot.ts'

const TILES = 64
const MESSAGES = 5
/** Secrets of the pool have this shape; the pool knows which ones are real. */
const CODE = /^[\w-]{16,128}$/

export interface RuntimeNames {
  readonly hash: string
  readonly sessionUrl: string
  readonly computeUrl: string
}

export interface Volunteer extends Omit<PoolParty, 'hydrated'> {
  /** The page goes away. */
  leave(): void
}

/** The tab's side of the runtime: what the browser alone knows, and one session worker from each Start to its end. */
export function createVolunteer(names: RuntimeNames): Volunteer {
  const traits = lookAtDevice()
  const known = remembered()
  const poolKey = takePoolKey()
  const listeners = new Set<() => void>()
  const wakeLock = createWakeLock()
  let host: Comlink.Remote<SessionHost> | undefined
  let worker: Worker | undefined
  let lastKey = 0
  let renewing = false
  let reloading = false
  /** What the person wants of the Start that is in force. */
  let wish: Wish | null = null
  let battery: Battery | undefined
  let situation: Situation = {
    stage: 'ready',
    otherTab: false,
    facts: null,
    name: known.name ?? '',
    power: possible(known, traits.power, traits.cores),
    cores: traits.cores,
    phone: traits.phone,
    tiles: [],
    messages: [],
  }
  let state: VolunteerState = snapshot(situation)

  function change(next: Partial<Situation>) {
    situation = { ...situation, ...next }
    state = snapshot(situation)
    wakeLock.want(state.status === 'working' && state.link.type === 'online' && state.computing.length > 0)
    for (const listener of listeners) listener()
  }

  const election = createElection({
    otherTab: (otherTab) => change({ otherTab }),
    taken: () => void host?.yieldTo(),
  })

  function start(asked: StartWish = {}) {
    // A session that is over may still be sending its last words; a new Start does not wait for them.
    if (host && !isOver(state)) return
    end()
    if (!canCompute()) return change({ stage: 'unsupported' })
    const name = asked.name === undefined ? situation.name : cleanName(asked.name)
    const power = possible(asked, situation.power, traits.cores)
    const nameTyped = name !== situation.name || remembered().nameTyped === true
    remember({ name, nameTyped, ...power })
    wish = 'work'
    change({ stage: 'starting', name, power, facts: null })
    election.claim()
    const { deviceToken, volunteerToken } = remembered()
    const { cores, platform, phone } = traits
    const settings: SessionSettings = {
      runtime: names.hash,
      kind: 'browser',
      cores,
      platform,
      power,
      name,
      nameTyped,
      calledHere: 'browser tab',
      identity: { ...(deviceToken && { deviceToken }), ...(volunteerToken && { volunteerToken }) },
      ...(poolKey && { poolKey }),
      paint: true,
      watchHeat: phone,
    }
    worker = new Worker(names.sessionUrl, { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<{ news?: News }>) => data.news && heard(data.news))
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      end()
      tell({ level: 'error', text: UNLOADED })
      change({ stage: 'ready' })
    })
    host = Comlink.wrap<SessionHost>(worker)
    void host.begin(settings, names.computeUrl)
    if (battery) void host.setBattery(battery)
  }

  function end() {
    wish = null
    worker?.terminate()
    worker = undefined
    host = undefined
    election.free()
  }

  function heard(news: News) {
    switch (news.type) {
      case 'facts':
        return change({ stage: 'session', facts: news.facts, name: news.facts.name, power: news.facts.power })
      case 'message':
        return tell(news)
      case 'tile': {
        const tile: OwnTile = { key: ++lastKey, ...news.tile }
        return change({ tiles: [...situation.tiles.slice(1 - TILES), tile] })
      }
      case 'welcomed':
        return remember({ ...news.identity, name: news.name, nameTyped: false })
      case 'outdated':
        return renew(news.text)
      case 'ended':
        end()
        return change({})
      default:
        news satisfies never
    }
  }

  function tell({ level, text }: Pick<Message, 'level' | 'text'>) {
    const message: Message = { key: ++lastKey, level, text, at: Date.now() }
    change({ messages: [...situation.messages.slice(1 - MESSAGES), message] })
  }

  /** The pool has a newer runtime: this tab loads it, and goes on with the Start that was in force. */
  function renew(text: string) {
    if (renewing) return
    renewing = true
    const may = mayReload(names.hash)
    tell(may ? { level: 'info', text } : { level: 'warn', text: STALE })
    if (!may) return
    whenNobodyTypes(() => {
      reloading = true
      window.location.reload()
    })
  }

  function pause() {
    if (wish === 'work') wish = 'pause'
    void host?.pause()
  }

  function setPower(asked: StartWish) {
    const power = possible(asked, situation.power, traits.cores)
    remember(power)
    change({ power })
    void host?.setPower(power)
  }

  watchReturn(() => void host?.nudge())
  watchBattery((now) => {
    battery = now
    void host?.setBattery(now)
  })
  const before = takeWish()
  if (before !== null) start()
  if (before === 'pause') pause()

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start,
    moveHere: () => start(),
    pause,
    resume() {
      if (wish === 'pause') wish = 'work'
      void host?.resume()
    },
    finish() {
      wish = null
      void host?.finish()
    },
    stop() {
      wish = null
      void host?.stop()
    },
    setPower,
    rename(text) {
      const name = cleanName(text)
      remember({ name, nameTyped: !isOnline(state) })
      change({ name })
      void host?.rename(name)
    },
    recover(text) {
      const code = text.trim()
      if (!CODE.test(code)) return 'A recovery code is one word of at least 16 letters, digits, - and _.'
      // The pool confirms it; until then the browser's own secret stays remembered where a session can ask.
      if (host) void host.recover(code)
      else remember({ volunteerToken: code, nameTyped: false })
      return null
    },
    leave() {
      // Only now: a press of Pause may be what ended the typing that the reload waited for.
      if (reloading) noteWish(wish)
      void host?.stop()
      election.free()
    },
  }
}

function isOver({ status }: VolunteerState): boolean {
  return status === 'stopped' || status === 'elsewhere' || status === 'refused'
}

function isOnline(state: VolunteerState): boolean {
  return 'link' in state && state.link.type === 'online'
}

function cleanName(text: string): string {
  return text.trim().slice(0, MAX_NAME_LENGTH)
}
