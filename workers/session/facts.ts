import type { DeviceKind, Refusal, TotalsMessage, Welcome } from '../../protocol/device.ts'
import type { Computing, Power } from '../state.ts'
import type { LinkState } from './link.ts'
import type { Identity } from './ports.ts'

/** Who this device is and what it was told to lend, at Start. */
export interface SessionSettings {
  readonly runtime: string
  readonly kind: DeviceKind
  readonly cores: number
  readonly platform: string
  /** For sentences: "browser tab", "machine". */
  readonly calledHere: string
  readonly power: Power
  /** Empty: anonymous. */
  readonly name: string
  /** A person typed the name and no pool has heard it; otherwise it is remembered, and what the pool says counts. */
  readonly nameTyped?: boolean
  readonly identity: Identity
  readonly poolKey?: string
  readonly hostSecret?: string
  /** Someone looks at own tiles. */
  readonly paint: boolean
  /** Halve when hot. */
  readonly watchHeat: boolean
}

export type SessionPhase =
  | { readonly type: 'working'; readonly idle: string | null }
  | { readonly type: 'paused'; readonly by: 'you' | 'pool' | 'battery'; readonly because: string }
  | { readonly type: 'finishing' }
  | { readonly type: 'stopped' }
  /** Another connection of this device took over. */
  | { readonly type: 'replaced' }
  | { readonly type: 'refused'; readonly reason: Refusal['reason']; readonly message: string }

/** All that is known of a session at one moment. */
export interface SessionFacts {
  readonly phase: SessionPhase
  readonly link: LinkState
  readonly name: string
  readonly power: Power
  /** The duty after what heat took. */
  readonly duty: number
  readonly computing: readonly Computing[]
  readonly measured: number
  readonly welcome: Welcome | null
  readonly identity: Identity
  readonly totals: TotalsMessage | null
  readonly tasksKept: number
  /** Tasks being computed or not yet acknowledged. */
  readonly left: number
}

export interface Vitals {
  readonly temperatureC?: number
  readonly cpuShare?: number
  readonly freeMemoryBytes?: number
}
