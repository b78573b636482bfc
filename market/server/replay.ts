import { type Feed, type Tell, type Tick, type Timer, timer } from './feed.ts'

/** Ticks told at once at most, so that a fast replay leaves others their turn. */
const BATCH = 1000

export interface ReplayOptions {
  readonly name: string
  /** Recorded seconds per second; Infinity tells them as fast as they can be read. */
  readonly speed: number
  readonly timer?: Timer
}

/** Plays recorded ticks with their own times, a gap of a day as long as it was at speed 1. */
export function openReplay(
  recorded: AsyncIterable<Tick> | Iterable<Tick>,
  tell: Tell,
  { name, speed, timer: { after, now } = timer }: ReplayOptions,
): Feed {
  let closed = false
  let wake: (() => void) | undefined
  let pending: { cancel(): void } | undefined

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      pending = after(ms, resolve)
    })

  async function play(): Promise<void> {
    tell({ type: 'connected' })
    let start: { readonly at: number; readonly now: number } | undefined
    let due: Tick[] = []
    const flush = () => {
      if (due.length > 0) tell({ type: 'ticks', ticks: due, filled: false })
      due = []
    }
    for await (const tick of recorded) {
      if (closed) return
      start ??= { at: tick.at, now: now() }
      const waitMs = Math.max(0, (tick.at - start.at) / speed - (now() - start.now))
      if (waitMs > 0 || due.length === BATCH) {
        flush()
        await pause(waitMs)
        if (closed) return
      }
      due.push(tick)
    }
    flush()
    tell({ type: 'ended' })
  }

  play().catch((error) => {
    tell({ type: 'lost', because: error instanceof Error ? error.message : String(error), retryMs: 0 })
    tell({ type: 'ended' })
  })
  return {
    name,
    close() {
      closed = true
      pending?.cancel()
      wake?.()
    },
  }
}
