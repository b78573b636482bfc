import { isNewcomer, NEWCOMER_LEASES } from './audit.ts'
import { idleReason } from './idle.ts'
import type { Device } from './job-state.ts'
import { canWork, type PoolState } from './state.ts'
import { wordsFor } from './words.ts'

export function explainDevice(state: PoolState, device: Device): string[] {
  return [now(state, device), ...trust(device), ...failures(device)]
}

function now(state: PoolState, device: Device): string {
  if (device.reputation.pausedBecause !== null) return device.reputation.pausedBecause
  if (!device.connected)
    return 'It is not connected. What it held went to others; what it finished meanwhile still counts.'
  if (!device.working) return 'Its owner has paused it.'
  if (device.leases.size > 0) return `It is working on ${wordsFor(device.leases.size, 'lease', 'leases')}.`
  if (device.room === 0) return 'It has not asked for work.'
  return canWork(device) ? idleReason(state, device).because : 'It does not work right now.'
}

function trust(device: Device): string[] {
  const { agreements, disagreements, checkedLeases } = device.reputation
  if (device.host) return ["It is the host's own agent; its results are certain."]
  const said = [
    `Others agreed with it on ${wordsFor(agreements, 'task', 'tasks')} and were right against it ${wordsFor(disagreements, 'time', 'times')}.`,
  ]
  if (isNewcomer(device)) {
    const left = NEWCOMER_LEASES - checkedLeases
    said.push(
      `It is new here: its results count once others agree, until ${wordsFor(left, 'more lease is', 'more leases are')} checked.`,
    )
  }
  if (device.pendingCredit > 0)
    said.push(`Results worth ${wordsFor(device.pendingCredit, 'credit', 'credits')} wait for others to agree.`)
  return said
}

function failures(device: Device): string[] {
  const { failuresInRow } = device.reputation
  if (failuresInRow === 0) return []
  return [
    `It failed ${wordsFor(failuresInRow, 'time', 'times')} in a row, so it gets at most ${wordsFor(device.cap, 'lease', 'leases')} at once for now.`,
  ]
}
