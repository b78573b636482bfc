import type { SessionFacts, SessionSettings } from '../session/facts.ts'
import type { Identity } from '../session/ports.ts'
import type { Battery } from '../session/wishes.ts'
import type { OwnTile, Power } from '../state.ts'

// What the page and its session worker say to each other: calls by Comlink, news as plain messages `{ news }`.

export interface SessionHost {
  begin(settings: SessionSettings, computeUrl: string): void
  pause(): void
  resume(): void
  finish(): void
  stop(): void
  yieldTo(): void
  setPower(power: Partial<Power>): void
  rename(name: string): void
  recover(code: string): void
  setBattery(battery: Battery): void
  nudge(): void
}

export type News =
  | { readonly type: 'facts'; readonly facts: SessionFacts }
  | { readonly type: 'message'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly type: 'tile'; readonly tile: Omit<OwnTile, 'key'> }
  | { readonly type: 'welcomed'; readonly identity: Identity; readonly name: string }
  | { readonly type: 'outdated'; readonly text: string }
  | { readonly type: 'ended' }
