import type { DeviceView } from '../../../protocol/api.ts'

export const STATE_WORD: Readonly<Record<DeviceView['state'], string>> = {
  working: 'Working',
  idle: 'Idle',
  paused: 'Paused',
  away: 'Away',
  removed: 'Removed',
}

/** By shape, not by colour. */
export const STATE_SIGN: Readonly<Record<DeviceView['state'], string>> = {
  working: '●',
  idle: '○',
  paused: '‖',
  away: '·',
  removed: '×',
}

/** Relative to the median device: "×1.3". */
export const speedText = ({ speed }: DeviceView): string =>
  speed === 0 ? 'not yet' : `×${speed >= 10 ? Math.round(speed) : speed.toFixed(1)}`
