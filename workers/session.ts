import type { DeviceState, Hello, Refusal, TotalsMessage, Verdict, Welcome } from '../protocol/device.ts'
import { MAX_HELD_LEASES, PROTOCOL_VERSION } from '../protocol/limits.ts'
import {
  asleepFor,
  type Battery,
  createBatteryGuard,
  createHeatGuard,
  createMeter,
  possible,
} from './session/device.ts'
import { createIdentity } from './session/identity.ts'
import { createLink } from './session/link.ts'
import type { SessionFacts, SessionPhase, SessionPorts, SessionSettings, Vitals, Wire } from './session/ports.ts'
import { createWork } from './session/work.ts'
import type { Power } from './state.ts'

const TICK_MS = 1000
const STATE_EVERY_TICKS = 60
const PROBE_EVERY_TICKS = 20
/** Stop waits this long for what is already on its way. */
const STOP_WITHIN_MS = 500
/** Finish gives up sending to a pool that stays away. */
const FINISH_TICKS = 60

const HOT = 'This device slowed down, so it is probably hot: computing half as much until it has cooled.'
const COOL = 'This device is as fast as before: back to what you chose.'
const UNSENT = 'The pool stayed away; what was not sent will be computed again.'

export type Session = ReturnType<typeof createSession>

/**
 * One device's session with a pool, from Start to Stop. Knows neither browser nor Node; `ports` bring what it needs.
 * One-shot: another Start is another session.
 */
export function createSession(ports: SessionPorts, settings: SessionSettings) {
  const { clock, notify } = ports
  const meter = createMeter(settings.cores)
  const battery = createBatteryGuard()
  const heat = createHeatGuard()
  const identity = createIdentity(settings.identity, settings.name, settings.nameTyped === true)

  let power = possible(settings.power, settings.power, settings.cores)
  let wish: 'work' | 'pause' | 'finish' | 'stop' = 'work'
  let ended: SessionPhase | undefined
  let poolPause: string | undefined
  let wire: Wire | undefined
  let welcome: Welcome | null = null
  let totals: TotalsMessage | null = null
  let tasksKept = 0
  let ticks = 0
  let finishTicks = 0
  let probeDue = false
  let vitals: Vitals = {}
  let wallMs = clock.wall()
  let cancelTick = () => {}

  const say = (level: 'info' | 'warn' | 'error', text: string) => notify({ type: 'message', level, text })
  const duty = () => power.duty * heat.factor()
  const paused = () => wish === 'pause' || poolPause !== undefined || battery.low()

  const work = createWork(ports, {
    policy() {
      if (wish === 'finish' && !ended) return 'leave'
      return ended || wish === 'stop' || paused() ? 'drop' : 'go'
    },
    duty,
    paint: () => settings.paint,
    probe: () => probeDue,
    probed(speed) {
      probeDue = false
      if (!settings.watchHeat || !heat.update(speed, clock.now())) return
      say('info', heat.factor() < 1 ? HOT : COOL)
      work.dutyChanged()
      sayState()
    },
    kept(tasks: number, verdicts: readonly Verdict[]) {
      tasksKept += tasks
      for (const verdict of verdicts)
        if (verdict.type === 'rejected' && (verdict.reason === 'invalid' || verdict.reason === 'disagrees'))
          say('warn', verdict.message)
      changed()
    },
    changed,
  })

  const link = createLink(ports, { hello, attach, online, offline, refused })

  function changed() {
    notify({ type: 'changed' })
    if (ended || !work.sent()) return
    if (wish === 'stop' || (wish === 'finish' && work.left() === 0)) leave()
  }

  function hello(): Hello {
    const { runtime, kind, cores, platform, poolKey, hostSecret } = settings
    return {
      protocol: PROTOCOL_VERSION,
      runtime,
      kind,
      cores,
      platform,
      name: identity.name(),
      threads: power.threads,
      ...identity.secrets(),
      ...(poolKey !== undefined && { poolKey }),
      ...(hostSecret !== undefined && { hostSecret }),
      held: work.tokens().slice(0, MAX_HELD_LEASES),
    }
  }

  function attach(to: Wire) {
    work.attach(to)
    to.on('tell', ({ level, text }) => wire === to && say(level, text))
    to.on('totals', (message) => {
      if (wire !== to) return
      totals = message
      changed()
    })
    to.on('paused', (message) => {
      if (wire !== to) return
      poolPause = message.paused ? message.because : undefined
      wishesChanged()
    })
    to.on('replaced', () => wire === to && end({ type: 'replaced' }))
  }

  function online(to: Wire, answer: Welcome) {
    wire = to
    welcome = answer
    poolPause = answer.paused ? (poolPause ?? 'The pool paused this device.') : undefined
    if (identity.welcome(answer)) to.emit('rename', { name: identity.name() })
    notify({ type: 'welcomed', identity: identity.secrets(), name: identity.name() })
    sayState()
    work.online(to, answer)
  }

  function offline() {
    wire = undefined
    work.offline()
  }

  /** True: try again later. */
  function refused({ reason, message }: Refusal): boolean {
    switch (reason) {
      case 'busy':
        return true
      case 'protocol':
      case 'runtime':
        notify({ type: 'outdated', text: message })
        return true
      case 'invalid':
        if (!identity.comeBack()) break
        say('error', message)
        return true
      case 'key':
      case 'removed':
        break
      default:
        reason satisfies never
    }
    end({ type: 'refused', reason, message })
    return false
  }

  function sayState() {
    const state: DeviceState['state'] = wish === 'finish' ? 'finishing' : paused() ? 'paused' : 'working'
    wire?.emit('state', { threads: power.threads, state, duty: duty(), measured: meter.measured(), ...vitals })
  }

  function wishesChanged() {
    if (ended) return
    sayState()
    work.refresh()
  }

  function tick() {
    cancelTick = clock.after(TICK_MS, tick)
    const asleep = asleepFor(clock.wall() - wallMs, settings.calledHere)
    wallMs = clock.wall()
    if (asleep) {
      say('info', asleep)
      meter.reset()
      // Not at once: if another tab took over meanwhile, its word is on the way and comes first.
      link.renew()
    }
    ticks++
    meter.sample(clock.now(), work.busyMs())
    if (settings.watchHeat && ticks % PROBE_EVERY_TICKS === 0) probeDue = true
    if (ticks % STATE_EVERY_TICKS === 0) sayState()
    work.tick()
    if (wish === 'finish' && !wire && ++finishTicks >= FINISH_TICKS && !ended) {
      say('warn', UNSENT)
      leave()
    }
  }

  function leave() {
    wire?.emit('bye')
    end({ type: 'stopped' })
  }

  function end(phase: SessionPhase) {
    if (ended) return
    ended = phase
    cancelTick()
    work.close()
    link.close()
    notify({ type: 'changed' })
    notify({ type: 'ended' })
  }

  function phase(): SessionPhase {
    if (ended) return ended
    if (wish === 'stop') return { type: 'stopped' }
    if (wish === 'finish') return { type: 'finishing' }
    if (wish === 'pause') return { type: 'paused', by: 'you', because: 'You paused this device.' }
    if (poolPause !== undefined) return { type: 'paused', by: 'pool', because: poolPause }
    if (battery.low()) return { type: 'paused', by: 'battery', because: 'The battery is below 30 %.' }
    return { type: 'working', idle: work.idle() }
  }

  return {
    start() {
      work.resize(power.threads)
      cancelTick = clock.after(TICK_MS, tick)
      link.open()
    },
    pause() {
      if (wish === 'work') wish = 'pause'
      wishesChanged()
    },
    resume() {
      if (wish === 'pause') wish = 'work'
      wishesChanged()
    },
    /** Sends what is running, then stops. */
    finish() {
      if (wish !== 'stop') wish = 'finish'
      wishesChanged()
    },
    /** Ends the threads at once; what is already on its way may arrive. */
    stop() {
      if (ended || wish === 'stop') return
      wish = 'stop'
      work.halt()
      work.refresh()
      if (wire) clock.after(STOP_WITHIN_MS, () => !ended && leave())
      else leave()
    },
    setPower(next: Partial<Power>) {
      const had = power
      power = possible(next, power, settings.cores)
      work.resize(power.threads)
      if (power.duty !== had.duty) work.dutyChanged()
      wishesChanged()
    },
    rename(name: string) {
      identity.rename(name, wire !== undefined)
      wire?.emit('rename', { name })
      changed()
    },
    /** Become the volunteer whose code this is. */
    recover(volunteerToken: string) {
      identity.recover(volunteerToken)
      link.renew()
    },
    setBattery(now: Battery) {
      const was = battery.low()
      battery.update(now, clock.now())
      if (battery.low() !== was) wishesChanged()
    },
    setVitals(now: Vitals) {
      vitals = now
      if (!ended) sayState()
    },
    /** The network is back, the tab woke: try at once. */
    nudge: link.nudge,
    /** Ends without a word: another tab takes over. */
    yield: () => end({ type: 'replaced' }),
    facts(): SessionFacts {
      return {
        phase: phase(),
        link: link.state(),
        name: identity.name(),
        power,
        duty: duty(),
        computing: work.computing(),
        measured: meter.measured(),
        welcome,
        identity: identity.secrets(),
        totals,
        tasksKept,
        left: work.left(),
      }
    },
  }
}
