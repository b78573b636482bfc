import { arch, availableParallelism, cpus, hostname, platform } from 'node:os'
import { createInterface } from 'node:readline'
import { clock } from '../workers/session/device.ts'
import { connectTo } from '../workers/session/link.ts'
import type { SessionEvent } from '../workers/session/ports.ts'
import { createSession } from '../workers/session.ts'
import { fetchAgent, fetchBytes, whyNoPool } from './ask.ts'
import { createConsole } from './console.ts'
import { HELP, readCommand, type Settings } from './flags.ts'
import { createVitals, disk, isHere, spawnThread } from './machine.ts'
import { installService } from './service.ts'
import { takeSlot } from './slot.ts'

/** Set by the build: package version and a hash of what was built. */
declare const AGENT_VERSION: string

const VITALS_MS = 60_000
const FIRST_VITALS_MS = 5000
/** A terminal sends Ctrl-C to the whole process group and npm passes it on once more: that is one wish, not two. */
const ONE_WISH_MS = 400
const WATCH_LAUNCHER_MS = 1000

const worker = new URL('worker.mjs', import.meta.url)
const command = readCommand(process.argv.slice(2), process.env)
switch (command.type) {
  case 'help':
    process.stdout.write(HELP)
    break
  case 'version':
    process.stdout.write(`${AGENT_VERSION}\n`)
    break
  case 'wrong':
    process.stderr.write(`${command.because}\n`)
    process.exitCode = 2
    break
  case 'install-service':
    process.stdout.write(installService(command.settings, new URL('.', import.meta.url)))
    break
  case 'run':
    run(command.settings, command.settings.hostSecretOnStdin ? await hostLine() : undefined)
    break
  default:
    command satisfies never
}

function run(settings: Settings, host: HostLine | undefined) {
  const { origin, name, threads, duty } = settings
  const slot = takeSlot(settings)
  const talk = createConsole(
    origin,
    (line) => console.log(line),
    () => performance.now(),
  )
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  let asked = false
  /** The pool speaks another version and was asked for its own agent. */
  let outdated = false
  /** The pool's own agent, which takes over. */
  let successor: string | null = null
  let told = ''

  const session = createSession(
    {
      connect: () => connectTo(origin, (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      spawn: () => spawnThread(worker, { origin }),
      clock,
      random: Math.random,
      fetchBytes: (path) => fetchBytes(new URL(path, origin)),
      notify,
      ...((host || isHere(origin)) && { disk }),
    },
    {
      runtime: AGENT_VERSION,
      kind: 'agent',
      cores,
      platform: `${hostname()}, ${platform()} ${arch()}, ${model}`.slice(0, 200),
      calledHere: 'machine',
      power: { threads, duty },
      name,
      identity: { deviceToken: slot.deviceToken, volunteerToken: slot.volunteerToken },
      paint: false,
      watchHeat: false,
      ...(settings.poolKey && { poolKey: settings.poolKey }),
      ...(host?.secret && { hostSecret: host.secret }),
    },
  )

  function notify(event: SessionEvent) {
    switch (event.type) {
      case 'changed':
        if (outdated) break
        talk.changed(session.facts())
        if (session.facts().link.type === 'reconnecting') void explain()
        break
      case 'message':
        talk.print(event.text)
        break
      case 'welcomed':
        outdated = false
        slot.remember(event.identity)
        break
      case 'outdated':
        outdated = true
        void renew()
        break
      case 'ended':
        ended()
        break
      case 'painted':
        break
      default:
        event satisfies never
    }
  }

  /** Once, while the pool has never answered: what is wrong with the address. */
  async function explain() {
    if (asked || session.facts().welcome) return
    asked = true
    const why = (await whyNoPool(origin)) ?? `${origin} does not let this device in yet.`
    if (!session.facts().welcome) talk.print(`${why} Trying again for ever.`)
  }

  /** Asked again whenever the pool refuses this version, which it does at most twice a minute. */
  async function renew() {
    const found = await fetchAgent(origin, AGENT_VERSION).catch((error: Error) => error)
    if (successor !== null || !outdated) return
    if (typeof found === 'string') {
      talk.print(`The pool at ${origin} has another version, so its own agent takes over.`)
      successor = found
      session.stop()
      return
    }
    const why = found?.message ?? 'The pool refuses the very agent it gives out.'
    const sentence = `The pool at ${origin} has another version than this agent. ${why} Trying again for ever.`
    if (sentence !== told) talk.print(sentence)
    told = sentence
  }

  function ended() {
    slot.release()
    // In this process and with its arguments: a service, a terminal or npx notices nothing.
    if (successor !== null) return void import(successor)
    process.exitCode = session.facts().phase.type === 'refused' ? 1 : 0
    // Threads and timers are gone; whatever else holds the process must not keep a stopped agent alive.
    setImmediate(() => process.exit())
  }

  const vitals = createVitals()
  setTimeout(() => session.setVitals(vitals.read()), FIRST_VITALS_MS).unref()
  setInterval(() => session.setVitals(vitals.read()), VITALS_MS).unref()
  heedSignals(session)
  watchLauncher(() => session.stop())
  host?.onGone(() => session.stop())

  talk.print(`PoolParty agent ${AGENT_VERSION}: lending ${threads} of ${cores} cores of this machine.`)
  if (!slot.remembered) talk.print('Its identity cannot be written here, so the next start will be a new device.')
  session.start()
}

function heedSignals(session: { finish(): void; stop(): void }) {
  let finishedAt: number | undefined
  process.on('SIGTERM', () => session.stop())
  process.on('SIGINT', () => {
    const now = performance.now()
    if (finishedAt === undefined) {
      finishedAt = now
      session.finish()
    } else if (now - finishedAt > ONE_WISH_MS) session.stop()
  })
}

/** A launcher that was killed cannot pass a signal on; its agent must not stay behind with its device. */
function watchLauncher(gone: () => void) {
  const launcher = Number(process.env['POOLPARTY_LAUNCHER'])
  if (launcher !== process.ppid) return
  setInterval(() => process.ppid !== launcher && gone(), WATCH_LAUNCHER_MS).unref()
}

interface HostLine {
  readonly secret: string
  /** Calls back when stdin ends: the pool that started this agent is gone. */
  onGone(gone: () => void): void
}

async function hostLine(): Promise<HostLine> {
  const lines = createInterface({ input: process.stdin })
  const closed = new Promise<void>((resolve) => lines.once('close', resolve))
  const first = new Promise<string>((resolve) => lines.once('line', (line) => resolve(line.trim())))
  return {
    secret: await Promise.race([first, closed.then(() => '')]),
    onGone: (gone) => void closed.then(gone),
  }
}
