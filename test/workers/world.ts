import type {
  CoordinatorToDevice,
  DeviceToCoordinator,
  Hello,
  JobBrief,
  Lease,
  Welcome,
} from '../../protocol/device.ts'
import type { DeviceId, JobId, VolunteerId } from '../../protocol/ids.ts'
import type { LeaseInput, Load, Prepare, Report, Stretch, StretchEnd, Thread } from '../../workers/compute/thread.ts'
import type { Disk, Incoming, SessionEvent, SessionPorts, SessionSettings, Wire } from '../../workers/session/ports.ts'
import { createSession } from '../../workers/session.ts'

// A world in which nothing happens by itself: the clock moves, messages arrive and threads finish when a test says so.

/** Lets promises settle; no time passes. */
export async function settle() {
  for (let i = 0; i < 30; i++) await Promise.resolve()
}

function createFakeClock() {
  let now = 1000
  let wall = 1_700_000_000_000
  let timers: { at: number; then: () => void }[] = []
  return {
    now: () => now,
    wall: () => wall,
    after(ms: number, then: () => void) {
      const timer = { at: now + ms, then }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    /** Runs what falls due on the way, letting promises settle in between. */
    async pass(ms: number) {
      const until = now + ms
      for (;;) {
        await settle()
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((one) => one !== next)
        wall += next.at - now
        now = next.at
        next.then()
      }
      wall += until - now
      now = until
      await settle()
    },
    /** The device sleeps: no timer runs, then the clock on the wall is later. */
    sleep(ms: number) {
      wall += ms
    },
    pending: () => timers.length,
  }
}

type Said = {
  [Name in keyof DeviceToCoordinator]: readonly [Name, ...Parameters<DeviceToCoordinator[Name]>]
}[keyof DeviceToCoordinator]

/** The pool's end of one connection. */
function createFakeWire() {
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>()
  const said: Said[] = []
  let open = true
  const wire: Wire = {
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener as (...args: unknown[]) => void])
    },
    emit(name, ...args) {
      if (open) said.push([name, ...args] as unknown as Said)
    },
    disconnect() {
      open = false
    },
  }
  function say<Name extends keyof Incoming>(name: Name, ...args: Parameters<Incoming[Name]>) {
    for (const listener of listeners.get(name) ?? []) listener(...args)
  }
  return {
    wire,
    said,
    isOpen: () => open,
    say: say as <Name extends keyof CoordinatorToDevice>(
      name: Name,
      ...args: Parameters<CoordinatorToDevice[Name]>
    ) => void,
    connected: () => say('connect'),
    fails: () => say('connect_error', new Error('websocket error')),
    breaks() {
      open = false
      say('disconnect', 'transport close')
    },
    /** What was said under this name. */
    all<Name extends keyof DeviceToCoordinator>(name: Name) {
      return said
        .filter(([one]) => one === name)
        .map(([, ...args]) => args as unknown as Parameters<DeviceToCoordinator[Name]>)
    },
    last<Name extends keyof DeviceToCoordinator>(name: Name) {
      const args = said.findLast(([one]) => one === name)?.slice(1)
      return args as unknown as Parameters<DeviceToCoordinator[Name]> | undefined
    },
    hello(): Hello {
      return this.last('hello')![0]
    },
    welcome(more: Partial<Welcome> = {}) {
      const [hello, acknowledge] = this.last('hello')!
      acknowledge({ ...WELCOME, held: hello.held, ...more })
    },
    keepAll() {
      for (const [message, acknowledge] of this.all('result')) {
        const run = {
          from: message.from,
          to: message.from + message.outputs.length,
          verdict: { type: 'accepted' },
        } as const
        acknowledge({ type: 'kept', runs: [run] })
      }
    },
  }
}
type FakeWire = ReturnType<typeof createFakeWire>

export const WELCOME: Welcome = {
  type: 'welcome',
  pool: { name: 'Test pool' },
  device: { id: 'd1' as DeviceId, name: 'test device' },
  volunteer: { id: 'v1' as VolunteerId, name: 'Ada', ownName: 'Ada' },
  deviceToken: 'device-token-0123456789',
  volunteerToken: 'volunteer-token-0123456789',
  kernels: {},
  held: [],
  paused: false,
}

/** A thread whose stretches the test ends. */
interface FakeThread extends Thread {
  readonly stretches: Stretch[]
  readonly loaded: Load[]
  readonly prepared: Prepare[]
  /** Slices given to it, also with a stretch it could not run yet. */
  readonly inputs: LeaseInput[]
  alive: boolean
  report(report: Report): void
  /** Computes the running stretch: one byte per task, its number modulo 256. */
  compute(tasks?: number, computeMs?: number): void
  end(end: StretchEnd): void
  die(why: string): void
}

function createFakeThread(): FakeThread {
  let running: { resolve(end: StretchEnd): void; reject(error: Error): void; report(report: Report): void } | undefined
  const jobs = new Set<string>()
  const thread: FakeThread = {
    stretches: [],
    loaded: [],
    prepared: [],
    inputs: [],
    alive: true,
    load: (order) => void thread.loaded.push(order),
    async prepare(order) {
      thread.prepared.push(order)
      jobs.add(order.job)
      return { type: 'ready' }
    },
    run(stretch, report) {
      if (stretch.input) thread.inputs.push(stretch.input)
      if (!jobs.has(stretch.job)) return Promise.resolve({ type: 'unprepared' })
      thread.stretches.push(stretch)
      return new Promise((resolve, reject) => {
        running = { resolve, reject, report }
      })
    },
    terminate() {
      thread.alive = false
    },
    report: (report) => running?.report(report),
    compute(tasks, computeMs = 100) {
      const { from, to } = thread.stretches.at(-1)!
      const count = Math.min(tasks ?? to - from, to - from)
      const bytes = Uint8Array.from({ length: count }, (_, i) => (from + i) % 256)
      const lengths = Array.from({ length: count }, () => 1)
      thread.report({ type: 'outputs', from, bytes, lengths, computeMs, tiles: [] })
      thread.end({ type: 'ran', next: from + count, computeMs })
    },
    end(end) {
      const one = running
      running = undefined
      one?.resolve(end)
    },
    die: (why) => running?.reject(new Error(why)),
  }
  return thread
}

export function createWorld(more: Partial<SessionSettings> = {}, disk?: Disk) {
  const clock = createFakeClock()
  const wires: FakeWire[] = []
  const threads: FakeThread[] = []
  const events: SessionEvent[] = []
  const inputs = new Map<string, () => Promise<Uint8Array<ArrayBuffer>>>()
  let refusal: string | undefined
  const ports: SessionPorts = {
    clock,
    random: () => 0.5,
    connect() {
      const wire = createFakeWire()
      wires.push(wire)
      return wire.wire
    },
    spawn() {
      if (refusal !== undefined) throw new Error(refusal)
      const thread = createFakeThread()
      threads.push(thread)
      return thread
    },
    fetchBytes: (path) => inputs.get(path)?.() ?? Promise.reject(new Error(`the pool answered 404`)),
    notify: (event) => events.push(event),
    ...(disk && { disk }),
  }
  const session = createSession(ports, {
    runtime: 'r1',
    kind: 'browser',
    cores: 8,
    platform: 'a test',
    calledHere: 'browser tab',
    power: { threads: 2, duty: 1 },
    name: 'Ada',
    identity: {},
    paint: false,
    watchHeat: false,
    ...more,
  })
  return {
    clock,
    wires,
    threads,
    events,
    inputs,
    session,
    wire: () => wires.at(-1)!,
    /** Threads cannot be started, with these words. */
    unspawnable(why: string | undefined) {
      refusal = why
    },
    texts: () => events.flatMap((event) => (event.type === 'message' ? [event.text] : [])),
    /** Threads with a running stretch that are not ended. */
    busy: () => threads.filter(({ alive, stretches }) => alive && stretches.length > 0),
    async join(welcome: Partial<Welcome> = {}) {
      session.start()
      this.wire().connected()
      this.wire().welcome(welcome)
      await settle()
    },
    async lend(...leases: Lease[]) {
      this.wire().say('lend', { leases, jobs: [BRIEF] })
      await settle()
    },
  }
}
export type World = ReturnType<typeof createWorld>

export const BRIEF: JobBrief = {
  id: 'j1' as JobId,
  kind: 'sample',
  title: 'A sample job',
  params: {},
  kernel: { hash: 'k1', url: '/kernels/sample.k1.mjs' },
}

export function lease(token: string, from: number, to: number, more: Partial<Lease> = {}): Lease {
  return { token, job: BRIEF.id, from, to, deadlineMs: 15_000, ...more }
}
