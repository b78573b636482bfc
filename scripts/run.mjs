import { spawn } from 'node:child_process'

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
