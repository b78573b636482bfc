import type { SessionFacts } from '../workers/session/ports.ts'

/** A line about progress at most this often. */
const SUMMARY_MS = 60_000

const whole = new Intl.NumberFormat('en')

/** Calm lines for a terminal or a journal: what changed, and now and then how far it is. */
export function createConsole(origin: string, print: (line: string) => void, now: () => number) {
  let link = ''
  let phase = ''
  let computing = ''
  let summaryAt = now()
  let summarised = 0

  function linkLine({ link: state, welcome, name }: SessionFacts): string {
    switch (state.type) {
      case 'connecting':
        return `Connecting to ${origin} …`
      case 'online':
        return `Connected to “${welcome?.pool.name ?? origin}” as ${name || 'anonymous'} (device ${welcome?.device.id}).`
      case 'reconnecting':
        if (welcome) return `The connection to ${origin} is lost. What is here is computed on; trying again for ever.`
        // Sentences are the pool's own; why nothing answers is found out once, elsewhere.
        return /^[A-Z].*\.$/.test(state.why) ? `${state.why} Trying again for ever.` : ''
      case 'closed':
        return ''
      default:
        return state satisfies never
    }
  }

  function phaseLine({ phase: state }: SessionFacts): string {
    switch (state.type) {
      case 'working':
        return state.idle ?? ''
      case 'paused':
        return `Paused. ${state.because}`
      case 'finishing':
        return 'Finishing: sending what is running, then stopping. Ctrl-C again stops at once.'
      case 'stopped':
        return 'Stopped.'
      case 'replaced':
        return 'Another process with this device’s identity took over, so this one stops.'
      case 'refused':
        return `The pool refused this device: ${state.message}`
      default:
        return state satisfies never
    }
  }

  return {
    print,
    changed(facts: SessionFacts) {
      const newLink = linkLine(facts)
      if (newLink && newLink !== link) print(newLink)
      link = newLink || link
      const newPhase = phaseLine(facts)
      if (newPhase && newPhase !== phase) print(newPhase)
      phase = newPhase
      const titles = facts.computing.map(({ title }) => title).join(', ')
      if (titles && titles !== computing) print(`Computing ${titles}`)
      computing = titles || computing
      const { totals, tasksKept, measured } = facts
      if (now() - summaryAt < SUMMARY_MS) return
      summaryAt = now()
      if (tasksKept === summarised) return
      summarised = tasksKept
      const rank = totals ? `, ${whole.format(totals.credit)} credits, rank ${totals.rank} of ${totals.volunteers}` : ''
      print(
        `${whole.format(tasksKept)} tasks so far${rank}. Measured: ${Math.round(measured * 100)} % of this machine.`,
      )
    },
  }
}
