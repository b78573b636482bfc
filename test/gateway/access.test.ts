import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import * as parser from 'socket.io-msgpack-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, hello } from './device.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
const post = (pool: InsidePool, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${pool.url}/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers })

test('[G20] the admin key and what signs are files that only their owner reads', async () => {
  const pool = await inside.start()
  for (const name of ['admin-key', 'token-key', 'audit-key'])
    expect((await stat(join(pool.dataDir, name))).mode & 0o777).toBe(0o600)
  expect((await readFile(join(pool.dataDir, 'admin-key'), 'utf8')).trim()).toBe(pool.adminKey)
  await pool.close()
})

test('[G21] a login makes an http-only cookie; changes with it must come from a page of this pool', async () => {
  const pool = await inside.start()
  const login = await post(pool, '/login', { key: pool.adminKey })
  expect(login.status).toBe(204)
  const header = login.headers.get('set-cookie') ?? ''
  expect(header).toMatch(/HttpOnly/)
  expect(header).toMatch(/SameSite=Lax/)
  expect(header).not.toMatch(/Secure/)
  const cookie = cookieOf(login)
  const me = await fetch(`${pool.url}/api/v1/me`, { headers: { cookie } })
  expect(await me.json()).toEqual({ admin: true, entered: true })
  expect((await fetch(`${pool.url}/api/v1/devices`, { headers: { cookie } })).status).toBe(200)
  const job = { kind: 'counting', params: { tasks: 1 } }
  expect((await post(pool, '/jobs', job, { cookie })).status).toBe(401)
  expect((await post(pool, '/jobs', job, { cookie, origin: 'http://evil.example' })).status).toBe(401)
  expect((await post(pool, '/jobs', job, { cookie, origin: pool.url })).status).toBe(201)
  expect(pool.api.isAdmin(cookie)).toBe(true)
  expect(pool.api.isAdmin(`${cookie}x`)).toBe(false)
  const out = await post(pool, '/logout', {}, { cookie, origin: pool.url })
  expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/)
  expect(pool.api.isAdmin(cookie)).toBe(false)
  await pool.close()
  const again = await inside.start({ dataDir: pool.dataDir })
  expect(again.api.isAdmin(cookie)).toBe(false)
  await again.close()
})

test('[G22] guessing keys is slowed, per address, with Retry-After', async () => {
  const pool = await inside.start()
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) {
    const answer = await post(pool, '/login', { key: `wrong-${i}` })
    statuses.push(answer.status)
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
  expect(statuses.slice(10)).toEqual([429, 429])
  expect((await pool.call('GET', '/devices')).status).toBe(200)
  await pool.close()
})

test('[G23] with a pool key, nobody sees or joins the pool without it', async () => {
  const pool = await inside.start({ poolKey: 'open-sesame' })
  const get = (headers: Record<string, string>) => fetch(`${pool.url}/api/v1/jobs`, { headers })
  expect((await get({})).status).toBe(401)
  expect((await get({ authorization: 'Bearer wrong-key' })).status).toBe(401)
  expect((await get({ authorization: 'Bearer open-sesame' })).status).toBe(200)
  expect((await pool.call('GET', '/jobs')).status).toBe(200)
  const pooled = { authorization: 'Bearer open-sesame' }
  expect((await post(pool, '/jobs', { kind: 'counting', params: { tasks: 1 } }, pooled)).status).toBe(401)
  expect((await post(pool, '/enter', { key: 'wrong' })).status).toBe(401)
  const cookie = cookieOf(await post(pool, '/enter', { key: 'open-sesame' }))
  expect((await get({ cookie })).status).toBe(200)
  const about = await (await fetch(`${pool.url}/api/v1/about`)).text()
  expect(about).not.toContain('open-sesame')
  expect(JSON.parse(about)).toMatchObject({ poolKeyNeeded: true })
  expect(await (await pool.call('GET', '/about')).json()).toMatchObject({
    joinUrl: `${pool.url}/join#key=open-sesame`,
  })
  const socket = await connect(pool.url)
  expect(await hello(socket)).toMatchObject({ type: 'refused', reason: 'key' })
  expect(await hello(socket, { poolKey: 'wrong' })).toMatchObject({ type: 'refused', reason: 'key' })
  expect(await hello(socket, { poolKey: 'open-sesame' })).toMatchObject({ type: 'welcome' })
  socket.disconnect()
  const watch = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const options = { parser, transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers }
      const page = io(`${pool.url}/live`, options)
      page.on('connect', () => resolve('in'))
      page.on('connect_error', (error) => resolve(error.message))
    })
  expect(await watch({})).toMatch(/key/)
  expect(await watch({ cookie })).toBe('in')
  await pool.close()
})

/** Guesses at this door until it answers that there were too many; how many were answered as wrong. */
async function guessed(guess: (i: number) => Promise<'wrong' | 'limited'>): Promise<number> {
  let wrong = 0
  while ((await guess(wrong)) === 'wrong') wrong++
  return wrong
}
const byStatus = (answer: Response) => {
  expect([401, 429]).toContain(answer.status)
  return answer.status === 429 ? 'limited' : 'wrong'
}

test('[G22] beyond the limit a right pool key is answered like a wrong one, at every door', async () => {
  const poolKey = '7294-1853'
  const doors: Record<string, (pool: InsidePool, key: string) => Promise<'in' | 'wrong' | 'limited'>> = {
    async page(pool, key) {
      const answer = await post(pool, '/enter', { key })
      return answer.status === 204 ? 'in' : byStatus(answer)
    },
    async script(pool, key) {
      const answer = await fetch(`${pool.url}/api/v1/now`, { headers: { authorization: `Bearer ${key}` } })
      return answer.status === 200 ? 'in' : byStatus(answer)
    },
    async device(pool, key) {
      const socket = await connect(pool.url)
      const answer = await hello(socket, { poolKey: key })
      socket.disconnect()
      if (answer.type === 'welcome') return 'in'
      expect(['key', 'busy']).toContain(answer.reason)
      if (answer.reason === 'busy') expect(answer.retryAfterMs).toBeGreaterThan(0)
      return answer.reason === 'busy' ? 'limited' : 'wrong'
    },
  }
  for (const [name, door] of Object.entries(doors)) {
    const pool = await inside.start({ poolKey })
    expect(await door(pool, poolKey), name).toBe('in')
    const wrong = await guessed(async (i) => (await door(pool, `guess-${i}-${name}`)) as 'wrong' | 'limited')
    expect(wrong, name).toBeLessThanOrEqual(60)
    for (const [other, same] of Object.entries(doors))
      expect(await same(pool, poolKey), `${name} ${other}`).toBe('limited')
    await pool.close()
  }
}, 120_000)

test('[G22] wrong pool keys lock no admin out, and wrong logins no guest', async () => {
  const poolKey = 'open-sesame'
  const pool = await inside.start({ poolKey })
  await guessed(async (i) => byStatus(await post(pool, '/enter', { key: `wrong-${i}` })))
  expect((await post(pool, '/login', { key: pool.adminKey })).status).toBe(204)
  expect((await pool.call('GET', '/devices')).status).toBe(200)
  await pool.close()
  const other = await inside.start({ poolKey })
  await guessed(async (i) => byStatus(await post(other, '/login', { key: `wrong-${i}` })))
  expect((await post(other, '/login', { key: other.adminKey })).status).toBe(429)
  expect((await post(other, '/enter', { key: poolKey })).status).toBe(204)
  await other.close()
})

test('[G22] guesses of a neighbour keep out no device and no browser that was let in before', async () => {
  const poolKey = 'open-sesame'
  const pool = await inside.start({ poolKey })
  const greet = async (more: Parameters<typeof hello>[1]) => {
    const socket = await connect(pool.url)
    const answer = await hello(socket, more)
    socket.disconnect()
    return answer
  }
  const first = await greet({ poolKey })
  if (first.type !== 'welcome') throw new Error(first.message)
  const cookie = cookieOf(await post(pool, '/enter', { key: poolKey }))
  const admin = cookieOf(await post(pool, '/login', { key: pool.adminKey }))
  await guessed(async (i) => byStatus(await post(pool, '/enter', { key: `wrong-${i}` })))
  const { deviceToken } = first
  expect(await greet({ poolKey })).toMatchObject({ type: 'refused', reason: 'busy' })
  expect(await greet({ poolKey, deviceToken: 'a-secret-of-nobody-here' })).toMatchObject({ reason: 'busy' })
  expect(await greet({ poolKey, deviceToken })).toMatchObject({ type: 'welcome', device: { id: first.device.id } })
  for (const known of [cookie, admin])
    expect((await fetch(`${pool.url}/api/v1/now`, { headers: { cookie: known } })).status).toBe(200)
  // A known secret is no way around the limit either.
  const wrong = await guessed(async (i) => {
    const answer = await greet({ poolKey: `wrong-${i}`, deviceToken })
    return answer.type === 'refused' && answer.reason === 'key' ? 'wrong' : 'limited'
  })
  expect(wrong).toBeLessThanOrEqual(60)
  expect(await greet({ poolKey, deviceToken })).toMatchObject({ type: 'refused', reason: 'busy' })
  await pool.close()
}, 60_000)

test('[G24] a socket opened by a page of another site is refused', async () => {
  const pool = await inside.start()
  await expect(connect(pool.url, { origin: 'http://evil.example' })).rejects.toThrow()
  const own = await connect(pool.url, { origin: pool.url })
  expect(await hello(own)).toMatchObject({ type: 'welcome' })
  own.disconnect()
  await pool.close()
})

test('[G25] the host’s agent is known by this run’s secret, never by its address', async () => {
  const pool = await inside.start()
  const socket = await connect(pool.url)
  expect(await hello(socket, { hostSecret: 'a-secret-somebody-made-up' })).toMatchObject({ type: 'refused' })
  socket.disconnect()
  await pool.close()
})
