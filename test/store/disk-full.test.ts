import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { bundle } from './bundle.ts'
import type { Seen } from './filler.ts'
import { scratchFolder } from './scratch.ts'

/** A disk of 8 MB that only the child sees and that goes with it; needs no rights but on locked-down systems. */
const onSmallDisk = 'mount -t tmpfs -o size=8m tmpfs "$1" && exec "$0" "$2" "$1"'
/** Where that is not allowed: files of at most 3 MB each (512-byte blocks), which fails in the same places. */
const withSmallFiles = 'trap "" XFSZ; ulimit -S -f 6144 && exec "$0" "$2" "$1" limited'

test('[S31] a full disk is a sentence, nothing is half done, and the pool goes on when there is space', async () => {
  const script = await bundle('test/store/filler.ts')
  const folder = await scratchFolder()
  const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 })
  let { stdout, stderr } = run('unshare', ['-rm', 'sh', '-c', onSmallDisk, process.execPath, folder, script])
  if (stdout === null || /unshare|mount/.test(stderr)) {
    console.warn('A small disk could not be mounted here; a small limit on files takes its place.')
    ;({ stdout, stderr } = run('sh', ['-c', withSmallFiles, process.execPath, folder, script]))
  }
  expect(stderr).toBe('')
  const seen: Seen = JSON.parse(stdout)
  expect(seen.kept).toBeGreaterThan(5)
  expect(seen.sentence).toMatch(/^The disk is full\./)
  expect(seen.readWhileFull).toBe(seen.kept)
  expect(seen.refusedWithoutLoad).toBe(true)
  expect(seen.found).toBe(seen.kept)
  expect(seen.done).toBe(seen.found + 5)
  expect(seen.credit).toBe(3 * seen.done)
  expect(seen.outputsRight).toBe(true)
})
