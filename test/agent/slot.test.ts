import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { takeSlot } from '../../node-agent/slot.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newPlace(name = 'Ada') {
  const stateDir = mkdtempSync(join(tmpdir(), 'poolparty-slot-'))
  made.push(stateDir)
  return { origin: 'http://pool.local:3000', name, stateDir }
}

const folderOf = (stateDir: string) => {
  const pool = join(stateDir, 'pool.local_3000')
  return join(pool, readdirSync(pool)[0]!)
}

test('[D21] processes at the same time are different devices of one volunteer; freed slots come back', () => {
  const place = newPlace()
  const [first, second] = [takeSlot(place), takeSlot(place)]
  expect(first.deviceToken).not.toBe(second.deviceToken)
  expect(first.volunteerToken).toBe(second.volunteerToken)
  first.release()
  expect(takeSlot(place).deviceToken).toBe(first.deviceToken)
})

test('[D21] another name, or another pool, is another volunteer', () => {
  const place = newPlace()
  const tokens = [
    takeSlot(place),
    takeSlot({ ...place, name: 'ada' }),
    takeSlot({ ...place, name: '' }),
    takeSlot({ ...place, name: '…/../x' }),
    takeSlot({ ...place, origin: 'http://other:3000' }),
  ].map(({ volunteerToken }) => volunteerToken)
  expect(new Set(tokens).size).toBe(5)
})

test('[D21] the slot of a process that was killed is free, also when its number lives on as another', () => {
  const place = newPlace()
  const first = takeSlot(place)
  for (const holder of ['999999999 1', `${process.pid} 1`]) {
    writeFileSync(join(folderOf(place.stateDir), 'device-0.lock'), holder)
    const again = takeSlot(place)
    expect(again.deviceToken).toBe(first.deviceToken)
    again.release()
  }
})

test('[D21] what the pool gave is what the next start says; half-written secrets are made anew', () => {
  const place = newPlace()
  const first = takeSlot(place)
  first.remember({ deviceToken: 'd'.repeat(24), volunteerToken: 'v'.repeat(24) })
  first.release()
  expect(takeSlot(place)).toMatchObject({ deviceToken: 'd'.repeat(24), volunteerToken: 'v'.repeat(24) })
  writeFileSync(join(folderOf(place.stateDir), 'device-1'), '')
  expect(takeSlot(place).deviceToken).toHaveLength(32)
})

test('[D21] where nothing can be written the agent still has an identity for this run', () => {
  const place = newPlace()
  const file = join(place.stateDir, 'a-file')
  writeFileSync(file, '')
  chmodSync(file, 0o400)
  const slot = takeSlot({ ...place, stateDir: file })
  expect(slot.remembered).toBe(false)
  expect(slot.deviceToken).toHaveLength(32)
  slot.release()
  expect(takeSlot({ ...place, stateDir: '/proc/nowhere' }).remembered).toBe(false)
})
