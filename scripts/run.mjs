import { spawn } from 'node:child_process'

// What a command needs before anything is installed: a Node that is new enough, words for people, other programs.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  giveUp(
    `PoolParty needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`,
    2,
  )

const interactive = process.stderr.isTTY === true

/**
 * Runs `work`, showing `label` and the seconds passed while it takes longer than a second.
 * @template T @param {string} label @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function step(label, work) {
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  let shown = false
  const timer = setInterval(() => {
    if (interactive) process.stderr.write(`\r${label} … ${seconds()} s `)
    else if (!shown || seconds() % 15 === 0) process.stderr.write(`${label} …${shown ? ` ${seconds()} s` : ''}\n`)
    shown = true
  }, 1000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (shown) process.stderr.write(`${interactive ? '\r' : ''}${label}: done in ${seconds()} s\n`)
  }
}

/** Ends the process with one sentence. @param {string} sentence @param {number} code @returns {never} */
export function giveUp(sentence, code = 1) {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}

/** A command that ended badly; `output` is the end of what it printed. */
export class CommandFailed extends Error {
  name = 'CommandFailed'
  /** @param {string} command @param {number | null} code @param {string} output */
  constructor(command, code, output) {
    super(`${command} ended with ${code === null ? 'a signal' : `exit code ${code}`}.\n${output}`)
    this.code = code
    this.output = output
  }
}

/**
 * Runs a command quietly; what it prints is kept for the error message only.
 * @param {string} command @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv, loud?: boolean }} options
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', options.loud ? 'inherit' : 'pipe', options.loud ? 'inherit' : 'pipe'],
    })
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('error', (error) => reject(new CommandFailed(`${command} ${args.join(' ')}`, null, error.message)))
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new CommandFailed(`${command} ${args.join(' ')}`, code, output)),
    )
  })
}
