import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Welcome } from '../../protocol/device.ts'
import { connect, countingDevice, hello, until } from './device.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

// A recovery code makes a device another person's: what a raw client sends then, and who is paid.

let inside: Inside
let pool: InsidePool
beforeAll(async () => {
  inside = await openInside()
  pool = await inside.start()
}, 60_000)
afterAll(() => inside.close())

interface Row {
  readonly name: string
  readonly tasks: number
}
const board = async () => {
  const { items } = (await (await pool.call('GET', '/leaderboard?by=volunteer')).json()) as { items: Row[] }
  return Object.fromEntries(items.map(({ name, tasks }) => [name, tasks]))
}
const newcomer = async (name: string) => {
  const socket = await connect(pool.url)
  const welcome = (await hello(socket, { name })) as Welcome
  socket.disconnect()
  return welcome
}

test('[D42] a recovery code never changes the name of the person it brings back', async () => {
  const ines = await newcomer('Ines')
  const jack = await newcomer('Jack')
  for (const name of ['Jack', '', 'Ines the liar', undefined]) {
    // A device of Jack's, one that nobody knows, and the first again under its new owner's old name.
    for (const deviceToken of [jack.deviceToken, undefined]) {
      const socket = await connect(pool.url)
      const said = { volunteerToken: ines.volunteerToken, ...(name !== undefined && { name }) }
      const answer = await hello(socket, { ...said, ...(deviceToken !== undefined && { deviceToken }) })
      expect(answer).toMatchObject({ volunteer: { id: ines.volunteer.id, name: 'Ines', ownName: 'Ines' } })
      socket.disconnect()
      // Back to Jack, so that the next round is a recovery again.
      const back = await connect(pool.url)
      const again = await hello(back, { deviceToken: jack.deviceToken, volunteerToken: jack.volunteerToken })
      expect(again).toMatchObject({ volunteer: { id: jack.volunteer.id, ownName: 'Jack' } })
      back.disconnect()
    }
  }
})

test('[D42] a hello names nobody anew: neither a repeated recovery nor another device that remembers an old name', async () => {
  const ines = await newcomer('Ines')
  const jack = await newcomer('Jack')
  // The welcome of a recovery got lost, so the device says the same again, now as a device of Ines.
  const recovering = { deviceToken: jack.deviceToken, volunteerToken: ines.volunteerToken }
  for (const name of ['Jack', 'Jack', '', '']) {
    const socket = await connect(pool.url)
    expect(await hello(socket, { ...recovering, name })).toMatchObject({ volunteer: { ownName: 'Ines' } })
    socket.disconnect()
  }
  // She takes another name on one device; her other one still says the old name.
  const socket = await connect(pool.url)
  await hello(socket, recovering)
  socket.emit('rename', { name: 'Ines Ada' })
  const named = async () => {
    const other = await connect(pool.url)
    const { deviceToken, volunteerToken } = ines
    const { volunteer } = (await hello(other, { deviceToken, volunteerToken, name: 'Ines' })) as Welcome
    other.disconnect()
    return volunteer.ownName === 'Ines Ada'
  }
  await until(named)
  socket.disconnect()
})

test('[D42] whoever has no name keeps none when a device with a name comes to them', async () => {
  const nobody = await newcomer('')
  const jack = await newcomer('Jack')
  for (let i = 0; i < 2; i++) {
    const socket = await connect(pool.url)
    const { volunteerToken } = nobody
    const answer = await hello(socket, { deviceToken: jack.deviceToken, volunteerToken, name: 'Jack' })
    expect(answer).toMatchObject({ volunteer: { id: nobody.volunteer.id, name: 'Anonymous', ownName: '' } })
    socket.disconnect()
  }
})

test('[D43] what a device earns goes to whose it is now, also in a job it has a part in already', async () => {
  const mara = await newcomer('Mara')
  const answer = await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 400 }, trust: 'fast' })
  const { id } = (await answer.json()) as { id: string }
  const first = await countingDevice(pool.url, { hello: { name: 'Noor' }, chunk: 5, leases: 1 })
  await until(() => first.kept.size >= 5)
  const { deviceToken } = first.welcome
  first.close()
  await until(async () => (await board())['Noor'])
  const before = (await board())['Noor']!
  const second = await countingDevice(pool.url, { hello: { deviceToken, volunteerToken: mara.volunteerToken } })
  await until(
    async () => ((await (await pool.call('GET', `/jobs/${id}`)).json()) as { status: string }).status === 'done',
  )
  const after = await board()
  expect(after).toMatchObject({ Noor: before, Mara: 400 - before })
  expect(before).toBeLessThan(400)
  second.close()
})
