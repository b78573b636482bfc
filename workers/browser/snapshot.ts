import type { SessionFacts } from '../session/facts.ts'
import type { Everywhere, Link, Message, OwnTile, Power, Running, VolunteerState } from '../state.ts'
import {
  ELSEWHERE,
  measuredText,
  powerText,
  READY,
  READY_OTHER_TAB,
  reconnectingText,
  runningHeadline,
  STARTING,
  UNSUPPORTED,
} from './words.ts'

/** What the page itself knows, beside the session's facts. */
export interface Situation {
  readonly stage: 'ready' | 'starting' | 'session' | 'unsupported'
  readonly otherTab: boolean
  readonly facts: SessionFacts | null
  readonly name: string
  readonly power: Power
  readonly cores: number
  readonly phone: boolean
  readonly tiles: readonly OwnTile[]
  readonly messages: readonly Message[]
}

/** One immutable picture of everything, as pages see it. */
export function snapshot(situation: Situation): VolunteerState {
  const { stage, facts, otherTab } = situation
  const everywhere = (headline: string): Everywhere => ({ ...common(situation), headline })
  switch (stage) {
    case 'ready':
      return { ...everywhere(otherTab ? READY_OTHER_TAB : READY), status: 'ready', otherTab }
    case 'unsupported':
      return { ...everywhere(UNSUPPORTED), status: 'refused', reason: 'unsupported' }
    case 'starting':
      return { ...everywhere(STARTING), status: 'starting' }
    case 'session':
      return facts ? ofSession(situation, facts) : { ...everywhere(STARTING), status: 'starting' }
    default:
      return stage satisfies never
  }
}

function ofSession(situation: Situation, facts: SessionFacts): VolunteerState {
  const { phase } = facts
  const headline = runningHeadline(facts, situation.cores)
  const everywhere: Everywhere = { ...common(situation), headline }
  const running = runningOf(facts, situation.phone)
  switch (phase.type) {
    case 'working':
      if (facts.link.type === 'connecting') return { ...everywhere, status: 'starting' }
      return { ...everywhere, ...running, status: 'working', idle: phase.idle }
    case 'paused':
      return { ...everywhere, ...running, status: 'paused', by: phase.by, because: phase.because }
    case 'finishing':
      return { ...everywhere, ...running, status: 'finishing', left: facts.left }
    case 'stopped':
      return { ...everywhere, status: 'stopped' }
    case 'replaced':
      return { ...everywhere, headline: ELSEWHERE, status: 'elsewhere' }
    case 'refused': {
      const { reason } = phase
      const known = reason === 'key' || reason === 'removed' ? reason : 'invalid'
      return { ...everywhere, status: 'refused', reason: known }
    }
    default:
      return phase satisfies never
  }
}

function common(situation: Situation): Omit<Everywhere, 'headline'> {
  const { facts, name, power, cores, phone, tiles, messages } = situation
  const { welcome, identity } = facts ?? {}
  return {
    ...{ name, power, cores, phone, tiles, messages },
    powerText: powerText(power, cores),
    identity: welcome
      ? {
          pool: welcome.pool.name,
          device: welcome.device.id,
          deviceName: welcome.device.name,
          volunteer: welcome.volunteer.id,
          volunteerName: name || welcome.volunteer.name,
          recoveryCode: identity?.volunteerToken ?? '',
        }
      : null,
    totals: facts?.totals ?? null,
    tasksKept: facts?.tasksKept ?? 0,
  }
}

function runningOf({ link, computing, measured }: SessionFacts, phone: boolean): Running {
  return { link: linkOf(link), computing, measured, measuredText: measuredText(measured, phone) }
}

function linkOf(link: SessionFacts['link']): Link {
  switch (link.type) {
    case 'connecting':
    case 'online':
      return link
    case 'reconnecting':
      return { type: 'reconnecting', sinceMs: link.sinceMs, text: reconnectingText(link.why) }
    case 'closed':
      return { type: 'connecting' }
    default:
      return link satisfies never
  }
}
