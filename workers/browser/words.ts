import type { SessionFacts } from '../session/facts.ts'
import type { Power, VolunteerState } from '../state.ts'

// Every sentence the runtime says about its state, for the page before and after hydration.

function dutyText(duty: number): string {
  if (duty >= 0.995) return 'all the time'
  if (Math.abs(duty - 0.75) < 0.005) return 'three quarters of the time'
  if (Math.abs(duty - 0.5) < 0.005) return 'half the time'
  if (Math.abs(duty - 0.25) < 0.005) return 'a quarter of the time'
  return `${Math.round(duty * 100)} % of the time`
}

/** "2 of 8 cores, half the time" */
export function powerText({ threads, duty }: Power, cores: number): string {
  return `${threads} of ${cores} ${cores === 1 ? 'core' : 'cores'}, ${dutyText(duty)}`
}

export function measuredText(measured: number, phone: boolean): string {
  return `Measured: ${Math.round(measured * 100)} % of this ${phone ? 'phone' : 'computer'}.`
}

/** What is said of a running device, whatever page it stands on. */
export function runningHeadline(facts: SessionFacts, cores: number): string {
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
export function reconnectingText(why: string): string {
  const said = /^[A-Z].*\.$/.test(why) ? `${why} ` : ''
  return `${said}The connection is lost. What is here is computed on and sent later; trying again.`
}

function stoppedText(tasks: number): string {
  return tasks > 0 ? `Stopped. ${tasks} ${tasks === 1 ? 'task' : 'tasks'} of yours stay in the pool.` : 'Stopped.'
}

export const ELSEWHERE = 'Another tab of this browser computes now.'
export const READY = 'Press Start to lend a part of this device. Nothing is installed, and Stop always works.'
export const READY_OTHER_TAB = 'Another tab of this browser computes already. Start here to move the work to this tab.'
export const STARTING = 'Starting.'
export const UNSUPPORTED = 'This browser is too old to compute here. A newer Chrome, Edge, Firefox or Safari can.'
export const STALE = 'This page is from an earlier version and could not renew itself. Reload it.'
export const UNLOADED = 'The program could not be loaded. Check the connection and press Start again.'

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
