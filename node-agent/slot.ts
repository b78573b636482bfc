import { createHash, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

// Who this process is. The same name on the same machine is the same volunteer; each running process is a device of its
// own, and a process started again gets the device of one that is gone, so that leases it held go on.
//
//   $XDG_STATE_HOME/poolparty/<pool>/<name>/volunteer        the volunteer's secret
//                                           device-<n>       a device's secret
//                                           device-<n>.lock  the process that is that device now

/** More processes than a machine runs. */
const MAX_SLOTS = 1000

export interface Slot {
  readonly deviceToken: string
  readonly volunteerToken: string
  /** False: nothing could be written, so the next start will be somebody new. */
  readonly remembered: boolean
  /** The pool gave other secrets. */
  remember(tokens: { readonly deviceToken?: string; readonly volunteerToken?: string }): void
  release(): void
}

export interface SlotPlace {
  readonly origin: string
  readonly name: string
  readonly stateDir?: string
}

export function takeSlot(place: SlotPlace, env: NodeJS.ProcessEnv = process.env): Slot {
  try {
    return takeFrom(folderOf(place, env))
  } catch {
    const tokens = { deviceToken: secret(), volunteerToken: secret() }
    return { ...tokens, remembered: false, remember() {}, release() {} }
  }
}

function folderOf({ origin, name, stateDir }: SlotPlace, env: NodeJS.ProcessEnv): string {
  const base = stateDir ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'poolparty')
  // Readable for people, distinct by the hash, short enough for every file system.
  const readable = name.replace(/[^\w-]+/g, '_')
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return join(base, new URL(origin).host.replace(/[^\w.-]/g, '_'), `${readable}-${hash}`)
}

function takeFrom(folder: string): Slot {
  makeFolder(folder)
  for (let n = 0; n < MAX_SLOTS; n++) {
    const file = join(folder, `device-${n}`)
    const lock = `${file}.lock`
    if (!takeLock(lock)) continue
    return {
      deviceToken: readOrMake(file),
      volunteerToken: readOrMake(join(folder, 'volunteer')),
      remembered: true,
      remember({ deviceToken, volunteerToken }) {
        if (deviceToken) write(file, deviceToken)
        if (volunteerToken) write(join(folder, 'volunteer'), volunteerToken)
      },
      release: () => rmSync(lock, { force: true }),
    }
  }
  throw new Error('every slot is taken')
}

/** One by one: `mkdirSync` with `recursive` never ends where nothing can be made (/proc). */
function makeFolder(folder: string) {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another agent that starts now was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function secret(): string {
  return randomBytes(24).toString('base64url')
}

/** Two processes that start at the same moment agree on what the first one made. */
function readOrMake(file: string): string {
  const known = read(file)?.trim()
  if (known && known.length >= 16) return known
  if (known !== undefined) rmSync(file, { force: true })
  linkNew(file, secret())
  return read(file)?.trim() ?? secret()
}

function takeLock(lock: string): boolean {
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}`
  for (let attempt = 0; attempt < 3; attempt++) {
    if (linkNew(lock, mine)) return true
    const holder = read(lock)
    if (holder === undefined) continue
    if (isAlive(holder)) return false
    bury(lock, holder)
  }
  return false
}

/** Removes a dead process's lock, and only that one: another may have taken the slot meanwhile. */
function bury(lock: string, holder: string) {
  const grave = `${lock}.${secret()}`
  try {
    renameSync(lock, grave)
  } catch {
    return
  }
  if (read(grave) !== holder) linkExisting(grave, lock)
  rmSync(grave, { force: true })
}

function isAlive(holder: string): boolean {
  const [pid = '', start = ''] = holder.split(' ')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    // Somebody else's process is alive too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  // Numbers of processes come round again; their start times do not.
  return start === '' || startOf(Number(pid)) === start
}

function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The second field is the program's name and may hold anything, so count from its closing bracket.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Makes the file whole or not at all; false where it exists. */
function linkNew(file: string, text: string): boolean {
  const partial = `${file}.${secret()}`
  writeFileSync(partial, text, { mode: 0o600 })
  try {
    return linkExisting(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

function linkExisting(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function write(file: string, text: string) {
  const partial = `${file}.${secret()}`
  try {
    writeFileSync(partial, text, { mode: 0o600 })
    renameSync(partial, file)
  } catch {
    // The disk is full or gone; this run goes on as who it is.
  }
}
