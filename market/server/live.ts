import { WebSocket } from 'ws'
import { type Feed, type Tell, type Tick, type Timer, timer } from './feed.ts'
import type { Filled, Venue } from './venues.ts'

/** Both venues send something every second; a link that is silent this long is half open. */
const SILENT_MS = 20_000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 30_000
const FILL_TIMEOUT_MS = 20_000
/** Away for less than this, nothing is asked for. */
const WORTH_FILLING_MS = 1000
const SAMPLE_LENGTH = 200
/** The largest message is Kraken's snapshot of 50 trades, 10 KB. */
const MAX_MESSAGE_BYTES = 1024 * 1024

export interface LiveOptions {
  readonly timer?: Timer
  /** 0 … 1, spreads retries. */
  readonly random?: () => number
  readonly silentMs?: number
  readonly firstRetryMs?: number
  /** Time of the last tick kept from before a restart: what came since is asked for. */
  readonly since?: number
}

/** A live feed: reconnects for ever with growing, random pauses, and asks for what it missed meanwhile. */
export function openLive(venue: Venue, tell: Tell, options: LiveOptions = {}): Feed {
  const { after, now } = options.timer ?? timer
  const random = options.random ?? Math.random
  const silentMs = options.silentMs ?? SILENT_MS
  const firstRetryMs = options.firstRetryMs ?? FIRST_RETRY_MS
  const closing = new AbortController()
  let socket: WebSocket | undefined
  let pending: { cancel(): void } | undefined
  let lastRetryMs = firstRetryMs
  let lastAt = options.since
  /** Live ticks that wait while a gap is filled. */
  let held: Tick[] | undefined
  /** From when on nothing is known, told with the next tick. */
  let unknownFrom: number | undefined

  function connect(): void {
    let because = 'The connection was closed.'
    const link = new WebSocket(venue.url, { maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: silentMs })
    socket = link
    const watch = () => {
      pending?.cancel()
      pending = after(silentMs, () => {
        because = `Nothing was heard for ${Math.round(silentMs / 1000)} s.`
        link.terminate()
      })
    }
    watch()
    link.on('open', () => {
      tell({ type: 'connected' })
      for (const message of venue.hello) link.send(JSON.stringify(message))
      if (lastAt !== undefined && now() - lastAt >= WORTH_FILLING_MS) fill(lastAt)
    })
    link.on('message', (data, binary) => {
      watch()
      const text = binary ? '' : data.toString()
      const message = venue.read(text)
      switch (message.type) {
        case 'ticks':
          lastRetryMs = firstRetryMs
          return heard(message.ticks)
        case 'alive':
          return
        case 'rubbish':
          return tell({ type: 'rubbish', sample: binary ? '(binary)' : text.slice(0, SAMPLE_LENGTH) })
        case 'refused':
          because = `${venue.name} refused: ${message.because}`
          return link.terminate()
      }
    })
    link.on('error', (error) => {
      because = error.message
    })
    link.on('close', () => {
      pending?.cancel()
      if (closing.signal.aborted) return
      retry(because)
    })
  }

  function retry(because: string): void {
    lastRetryMs = Math.min(LONGEST_RETRY_MS, firstRetryMs + random() * (4 * lastRetryMs - firstRetryMs))
    const retryMs = Math.round(lastRetryMs)
    tell({ type: 'lost', because, retryMs })
    pending = after(retryMs, connect)
  }

  function heard(ticks: readonly Tick[]): void {
    if (held) held.push(...ticks)
    else give(ticks, false)
  }

  /** A snapshot repeats what was heard before. */
  function give(ticks: readonly Tick[], filled: boolean): void {
    const fresh = ticks.filter(({ at }) => lastAt === undefined || at > lastAt)
    const last = fresh[fresh.length - 1]
    if (!last) return
    if (unknownFrom !== undefined) tell({ type: 'gap', from: unknownFrom, to: fresh[0]!.at })
    unknownFrom = undefined
    lastAt = last.at
    tell({ type: 'ticks', ticks: fresh, filled })
  }

  function fill(since: number): void {
    if (held) return
    held = []
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(FILL_TIMEOUT_MS)])
    venue
      .fill(since, signal)
      .catch((): Filled => ({ ticks: [], hole: 'before' }))
      .then(({ ticks, hole }) => {
        if (closing.signal.aborted) return
        const waiting = held ?? []
        held = undefined
        if (hole === 'before') unknownFrom = since
        give(ticks, true)
        if (hole === 'after') unknownFrom = lastAt
        give(waiting, false)
      })
  }

  connect()
  return {
    name: venue.name,
    close() {
      closing.abort()
      pending?.cancel()
      socket?.terminate()
    },
  }
}
