import type { SessionFacts } from '../session/ports.ts'
import type { Everywhere, Link, Message, OwnTile, Power, Running, VolunteerState } from '../state.ts'

// Every state and every sentence that pages show, before and after hydration.

const ELSEWHERE = 'Another tab of this browser computes now.'
const READY = 'Press Start to lend a part of this device. Nothing is installed, and Stop always works.'
const READY_OTHER_TAB = 'Another tab of this browser computes already. Start here to move the work to this tab.'
const STARTING = 'Starting.'
const UNSUPPORTED = 'This browser is too old to compute here. A newer Chrome, Edge, Firefox or Safari can.'
export const STALE = 'This page is from an earlier version and could not renew itself. Reload it.'
export const UNLOADED = 'The program could not be loaded. Check the connection and press Start again.'

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
    name,
    power,
    cores,
    phone,
    tiles,
    messages,
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

function measuredText(measured: number, phone: boolean): string {
  return `Measured: ${Math.round(measured * 100)} % of this ${phone ? 'phone' : 'computer'}.`
}

/** What is said of a running device, whatever page it stands on. */
function runningHeadline(facts: SessionFacts, cores: number): string {
  const { phase, link, power, duty, left } = facts
  switch (phase.type) {
    case 'paused':
      return phase.by === 'you'
        ? 'Paused. Nothing is computed here until you press Resume.'
        : `Paused. ${phase.because}`
    case 'finishing':
      return left > 0 ? `Finishing: ${left} ${left === 1 ? 'task is' : 'tasks are'} still to be sent.` : 'Finishing.'
    case 'working':
      if (link.type === 'connecting') return 'Connecting to the pool.'
      if (link.type !== 'online') return reconnectingText(link.type === 'reconnecting' ? link.why : '')
      return phase.idle ?? `You are lending ${powerText({ threads: power.threads, duty }, cores)}.`
    case 'stopped':
      return stoppedText(facts.tasksKept)
    case 'replaced':
      return ELSEWHERE
    case 'refused':
      return phase.message
    default:
      return phase satisfies never
  }
}

/** Sentences of the pool ("The disk is full.") are worth telling; a transport's words are not. */
function reconnectingText(why: string): string {
  const said = /^[A-Z].*\.$/.test(why) ? `${why} ` : ''
  return `${said}The connection is lost. What is here is computed on and sent later; trying again.`
}

function stoppedText(tasks: number): string {
  return tasks > 0 ? `Stopped. ${tasks} ${tasks === 1 ? 'task' : 'tasks'} of yours stay in the pool.` : 'Stopped.'
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
