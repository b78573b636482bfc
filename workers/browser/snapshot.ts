import type { LinkState, SessionFacts } from '../session/ports.ts'
import type { Everywhere, Link, Power, Running, VolunteerState } from '../state.ts'

// Every state and every sentence that pages show, before and after hydration.

const READY = 'Press Start to lend a part of this device. Nothing is installed, and Stop always works.'
const READY_OTHER_TAB = 'Another tab of this browser computes already. Start here to move the work to this tab.'
const STARTING = 'Starting.'
const UNSUPPORTED = 'This browser is too old to compute here. A newer Chrome, Edge, Firefox or Safari can.'
export const STALE = 'This page is from an earlier version and could not renew itself. Reload it.'
export const UNLOADED = 'The program could not be loaded. Check the connection and press Start again.'

/** What the page itself knows, beside the session's facts. */
export interface Situation extends Pick<Everywhere, 'name' | 'power' | 'cores' | 'phone' | 'tiles' | 'messages'> {
  readonly stage: 'ready' | 'starting' | 'session' | 'unsupported'
  readonly otherTab: boolean
  readonly facts: SessionFacts | null
}

/** One immutable picture of everything, as pages see it. */
export function snapshot(situation: Situation): VolunteerState {
  const { stage, facts, otherTab } = situation
  if (stage === 'session' && facts) return ofSession(situation, facts)
  const everywhere = (headline: string) => common(situation, headline)
  if (stage === 'ready') return { ...everywhere(otherTab ? READY_OTHER_TAB : READY), status: 'ready', otherTab }
  if (stage === 'unsupported') return { ...everywhere(UNSUPPORTED), status: 'refused', reason: 'unsupported' }
  return { ...everywhere(STARTING), status: 'starting' }
}

function ofSession(situation: Situation, facts: SessionFacts): VolunteerState {
  const { phase, link, left, tasksKept, computing, measured, power, duty } = facts
  const everywhere = (headline: string) => common(situation, headline)
  const running: Running = { link: linkOf(link), computing, measured, measuredText: measuredText(situation, measured) }
  switch (phase.type) {
    case 'working': {
      if (link.type === 'connecting') return { ...everywhere('Connecting to the pool.'), status: 'starting' }
      const lending = `You are lending ${powerText({ threads: power.threads, duty }, situation.cores)}.`
      const headline = running.link.type === 'online' ? (phase.idle ?? lending) : reconnectingText(link)
      return { ...everywhere(headline), ...running, status: 'working', idle: phase.idle }
    }
    case 'paused': {
      const because = phase.by === 'you' ? 'Nothing is computed here until you press Resume.' : phase.because
      return { ...everywhere(`Paused. ${because}`), ...running, status: 'paused', by: phase.by, because: phase.because }
    }
    case 'finishing': {
      const still = left > 0 ? `: ${left} ${left === 1 ? 'task is' : 'tasks are'} still to be sent.` : '.'
      return { ...everywhere(`Finishing${still}`), ...running, status: 'finishing', left }
    }
    case 'stopped': {
      const yours =
        tasksKept > 0 ? ` ${tasksKept} ${tasksKept === 1 ? 'task' : 'tasks'} of yours stay in the pool.` : ''
      return { ...everywhere(`Stopped.${yours}`), status: 'stopped' }
    }
    case 'replaced':
      return { ...everywhere('Another tab of this browser computes now.'), status: 'elsewhere' }
    case 'refused': {
      const reason = phase.reason === 'key' || phase.reason === 'removed' ? phase.reason : 'invalid'
      return { ...everywhere(phase.message), status: 'refused', reason }
    }
    default:
      return phase satisfies never
  }
}

function common({ stage, otherTab, facts, ...own }: Situation, headline: string): Everywhere {
  const { welcome, identity } = facts ?? {}
  return {
    ...own,
    headline,
    powerText: powerText(own.power, own.cores),
    identity: welcome
      ? {
          pool: welcome.pool.name,
          device: welcome.device.id,
          deviceName: welcome.device.name,
          volunteer: welcome.volunteer.id,
          volunteerName: own.name || welcome.volunteer.name,
          recoveryCode: identity?.volunteerToken ?? '',
        }
      : null,
    totals: facts?.totals ?? null,
    tasksKept: facts?.tasksKept ?? 0,
  }
}

function linkOf(link: LinkState): Link {
  if (link.type === 'reconnecting') return { type: 'reconnecting', sinceMs: link.sinceMs, text: reconnectingText(link) }
  return link.type === 'closed' ? { type: 'connecting' } : link
}

function dutyText(duty: number): string {
  if (duty >= 0.995) return 'all the time'
  if (Math.abs(duty - 0.75) < 0.005) return 'three quarters of the time'
  if (Math.abs(duty - 0.5) < 0.005) return 'half the time'
  if (Math.abs(duty - 0.25) < 0.005) return 'a quarter of the time'
  return `${Math.round(duty * 100)} % of the time`
}

/** "2 of 8 cores, half the time" */
function powerText({ threads, duty }: Power, cores: number): string {
  return `${threads} of ${cores} ${cores === 1 ? 'core' : 'cores'}, ${dutyText(duty)}`
}

function measuredText({ phone }: Situation, measured: number): string {
  return `Measured: ${Math.round(measured * 100)} % of this ${phone ? 'phone' : 'computer'}.`
}

/** Sentences of the pool ("The disk is full.") are worth telling; a transport's words are not. */
function reconnectingText(link: LinkState): string {
  const why = link.type === 'reconnecting' && /^[A-Z].*\.$/.test(link.why) ? `${link.why} ` : ''
  return `${why}The connection is lost. What is here is computed on and sent later; trying again.`
}

/** Values for `data-volunteer-text` spots. */
export function spots(state: VolunteerState): Readonly<Record<string, string>> {
  const { totals, identity } = state
  const whole = new Intl.NumberFormat()
  const running = 'computing' in state ? state : undefined
  return {
    headline: state.headline,
    power: state.powerText,
    measured: running?.measuredText ?? '',
    credit: whole.format(totals?.credit ?? 0),
    pending: whole.format(totals?.pending ?? 0),
    tasks: whole.format(totals?.tasks ?? state.tasksKept),
    rank: totals && totals.rank > 0 ? `${whole.format(totals.rank)} of ${whole.format(totals.volunteers)}` : '–',
    name: identity?.volunteerName ?? state.name,
    code: identity?.recoveryCode ?? '',
    idle: state.status === 'working' ? (state.idle ?? '') : '',
    now: running?.computing.map(({ title }) => title).join(', ') ?? '',
  }
}
