import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWorld, lease, settle } from './world.ts'

test('[D24] every task lent is returned, failed or given back, whatever threads, links and owners do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 60 }), async (acts) => {
      const world = createWorld({ power: { threads: 2, duty: 1 } })
      await world.join()
      const lent = new Map<string, Set<number>>()
      let nextTask = 0
      for (const act of acts) {
        const [one] = world.threads.filter(({ alive }) => alive)
        switch (act) {
          case 0:
          case 1: {
            const token = `lease-${nextTask}`
            lent.set(token, new Set([0, 1, 2, 3, 4].map((i) => nextTask + i)))
            await world.lend(lease(token, nextTask, nextTask + 5))
            nextTask += 5
            break
          }
          case 2:
            if (one?.stretches.length) one.compute()
            break
          case 3:
            if (one?.stretches.length) one.compute(2)
            break
          case 4:
            one?.die('gone')
            break
          case 5:
            world.session.pause()
            break
          case 6:
            world.session.resume()
            break
          case 7:
            world.session.setPower({ threads: 1 })
            break
          case 8:
            world.session.setPower({ threads: 2 })
            break
          case 9:
            world.wire().keepAll()
            break
          case 10:
            await world.clock.pass(900)
            break
          default:
            if (one?.stretches.length)
              one.end({ type: 'threw', task: one.stretches.at(-1)!.from, computeMs: 1, message: 'x' })
        }
        await settle()
      }
      world.session.finish()
      await world.clock.pass(2000)
      for (const thread of world.threads) if (thread.alive && thread.stretches.length) thread.compute(1)
      await settle()
      world.wire().keepAll()
      await settle()
      for (const [{ lease: token, from, outputs }] of world.wire().all('result'))
        for (let i = 0; i < outputs.length; i++) lent.get(token)?.delete(from + i)
      for (const [{ lease: token }] of world.wire().all('failed')) lent.delete(token)
      for (const [{ lease: token, from }] of world.wire().all('handBack'))
        for (const task of lent.get(token) ?? []) if (task >= from) lent.get(token)!.delete(task)
      expect([...lent.values()].flatMap((left) => [...left])).toEqual([])
      expect(world.session.facts().phase.type).toBe('stopped')
      expect(world.wire().said.at(-1)![0]).toBe('bye')
    }),
    { numRuns: 150 },
  )
})
