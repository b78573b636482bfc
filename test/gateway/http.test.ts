import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '../../protocol/api.ts'
import { countingDevice, until } from './device.ts'
import { type Inside, type InsidePool, openInside } from './inside.ts'

let inside: Inside
let pool: InsidePool
beforeAll(async () => {
  inside = await openInside()
  pool = await inside.start()
}, 60_000)
afterAll(() => inside.close())

const root = (path: string, init: RequestInit = {}) => fetch(`${pool.url}${path}`, init)
const submit = async (params: unknown = { tasks: 3 }) =>
  ((await (await pool.call('POST', '/jobs', { kind: 'counting', params, trust: 'fast' })).json()) as { id: string }).id

async function problem(answer: Response, status: number): Promise<Problem> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.status).toBe(status)
  const body = (await answer.json()) as Problem
  expect(body).toMatchObject({ type: 'about:blank', status })
  expect(body.detail.length).toBeGreaterThan(5)
  expect(body.title.length).toBeGreaterThan(2)
  return body
}

test('[G10] every refusal is a problem with its status', async () => {
  const id = await submit()
  await problem(await root('/api/v1/nothing'), 404)
  await problem(await root('/api/v2/jobs'), 404)
  await problem(await root('/api'), 404)
  await problem(await pool.call('GET', '/jobs/unknown'), 404)
  await problem(await pool.call('GET', '/jobs/..%2f..%2fetc'), 400)
  await problem(await pool.call('POST', '/jobs', '{"kind":'), 400)
  await problem(await pool.call('POST', '/jobs', ''), 400)
  await problem(await root('/api/v1/jobs', { method: 'POST', body: '{}' }), 401)
  await problem(await root('/api/v1/devices'), 401)
  await problem(await root(`/api/v1/explain/job/${id}`), 401)
  await problem(await pool.call('PUT', '/jobs', {}), 405)
  expect((await pool.call('PUT', '/jobs', {})).headers.get('allow')).toBe('HEAD, POST, GET')
  await problem(await pool.call('POST', '/jobs', `{"kind":"${'x'.repeat(1_000_001)}"}`), 413)
  expect((await problem(await pool.call('GET', `/jobs/${id}/result`), 409)) as object).toMatchObject({ tasksDone: 0 })
  await problem(await pool.call('GET', `/explain/task/${id}/3`), 404)
  await problem(await pool.call('POST', `/jobs/${id}/run-again`), 409)
  await pool.call('POST', `/jobs/${id}/cancel`)
  await problem(await pool.call('GET', `/jobs/${id}/result`), 410)
  await problem(await pool.call('POST', `/jobs/${id}/pause`), 409)
})

test('[G11] every faulty field is named with its path', async () => {
  const many = await problem(
    await pool.call('POST', '/jobs', { kind: 5, params: {}, priority: 1.5, colour: 'red' }),
    422,
  )
  expect(many.errors?.map(({ path }) => path).sort()).toEqual(['colour', 'kind', 'priority'])
  const params = await problem(await pool.call('POST', '/jobs', { kind: 'counting', params: { tasks: 0, x: 1 } }), 422)
  expect(params.errors?.map(({ path }) => path).sort()).toEqual(['params.tasks', 'params.x'])
  const kind = await problem(await pool.call('POST', '/jobs', { kind: 'alchemy', params: {} }), 422)
  expect(kind.errors).toMatchObject([{ path: 'kind' }])
  const missing = await problem(await pool.call('POST', '/jobs', {}), 422)
  expect(missing.errors?.map(({ path }) => path).sort()).toEqual(['kind', 'params'])
  for (const query of ['limit=0', 'limit=501', 'limit=ten', 'limit=', 'status=odd'])
    expect((await problem(await root(`/api/v1/jobs?${query}`), 422)).errors).toHaveLength(1)
  for (const query of ['by=team', 'window=year'])
    expect((await problem(await root(`/api/v1/leaderboard?${query}`), 422)).errors).toHaveLength(1)
})

test('[G81] everything wrong with a submission is told at once, its params’ faults among them', async () => {
  const wrong = { kind: 'counting', params: { tasks: 0, x: 1 }, priority: 1.5, colour: 'red', size: 2 }
  const paths = ['colour', 'params.tasks', 'params.x', 'priority', 'size']
  const job = await problem(await pool.call('POST', '/jobs', wrong), 422)
  expect(job.errors?.map(({ path }) => path).sort()).toEqual(paths)
  const estimate = await problem(await pool.call('POST', '/estimate', wrong), 422)
  expect(estimate.errors?.map(({ path }) => path).sort()).toEqual(paths)
  const kind = await problem(await pool.call('POST', '/jobs', { kind: 'alchemy', params: {}, colour: 'red' }), 422)
  expect(kind.errors?.map(({ path }) => path)).toEqual(['colour', 'kind'])
  for (const body of [null, [], '"counting"', { kind: 'counting', colour: 'red' }, { kind: 5, params: { tasks: 0 } }])
    expect((await problem(await pool.call('POST', '/jobs', body), 422)).errors?.length).toBeGreaterThan(0)
})

test('[G84] a fault says which field, what it must be, and what was written', async () => {
  const cases: readonly [string, string, unknown, string][] = [
    ['PATCH', '/host', { working: 'yes' }, 'working must be true or false. You wrote "yes".'],
    ['PATCH', '/host', {}, 'working is missing.'],
    ['PATCH', '/host', [1], 'This must be an object, { … }. It is a list.'],
    ['PATCH', '/devices/x', { name: 'x'.repeat(41) }, 'name must have at most 40 characters.'],
    ['PATCH', '/devices/x', { colour: 1 }, 'There is no field "colour".'],
    ['POST', '/login', { key: 5 }, 'key must be text. You wrote 5.'],
    ['POST', '/jobs', { kind: 'x', params: {}, devices: 'mine' }, 'devices must be "all" or "host". You wrote "mine".'],
    ['POST', '/jobs', { kind: 'x', params: {}, trust: {} }, 'Trust must be "fast", "normal", "strict" or {'],
    ['GET', `/jobs?cursor=${'x'.repeat(300)}`, undefined, 'cursor must have at most 200 characters.'],
  ]
  for (const [method, path, body, words] of cases)
    expect((await problem(await pool.call(method, path, body), 422)).detail, path).toContain(words)
  for (const path of ['/healthz', '/metrics'])
    expect((await problem(await root(path, { method: 'POST' }), 405)).detail).toMatch(/only be read/)
})

test('[G12] a job goes through its states by REST, and asking for the state it has is fine', async () => {
  const id = await submit()
  const status = async (action: string) => {
    const answer = await pool.call('POST', `/jobs/${id}/${action}`)
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { status: string }).status
  }
  expect(await status('resume')).toBe('queued')
  expect(await status('pause')).toBe('paused')
  expect(await status('pause')).toBe('paused')
  expect(await status('resume')).not.toBe('paused')
  const raised = await pool.call('PATCH', `/jobs/${id}`, { priority: 10 })
  expect(await raised.json()).toMatchObject({ id, priority: 10 })
  expect(await status('cancel')).toBe('cancelled')
  expect(await status('cancel')).toBe('cancelled')
  const again = await pool.call('POST', `/jobs/${id}/run-again`)
  expect(again.status).toBe(201)
  const other = ((await again.json()) as { id: string }).id
  expect(other).not.toBe(id)
  for (const one of [id, other]) {
    expect((await pool.call('DELETE', `/jobs/${one}`)).status).toBe(204)
    await problem(await pool.call('DELETE', `/jobs/${one}`), 404)
    await problem(await pool.call('GET', `/jobs/${one}`), 404)
  }
})

test('[G13] lists are walked by cursor, each item once', async () => {
  const made = new Set<string>()
  for (let i = 0; i < 5; i++) made.add(await submit())
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = (await (await root(`/api/v1/jobs?limit=2${query}`)).json()) as {
      items: { id: string }[]
      next: string | null
    }
    expect(page.items.length).toBeLessThanOrEqual(2)
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  expect(new Set(seen).size).toBe(seen.length)
  for (const id of made) expect(seen).toContain(id)
})

test('[G14] HEAD answers as GET would, without a body', async () => {
  const id = await submit()
  const device = await countingDevice(pool.url)
  await until(async () => (await (await pool.call('GET', `/jobs/${id}`)).json()).status === 'done')
  for (const path of [`/jobs/${id}`, `/jobs/${id}/result`, '/jobs', '/openapi.json']) {
    const [head, get] = [await pool.call('HEAD', path), await pool.call('GET', path)]
    expect(head.status).toBe(get.status)
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
    expect(await head.text()).toBe('')
  }
  expect((await pool.call('HEAD', '/jobs/unknown')).status).toBe(404)
  device.close()
})

test('[G15] rubbish in any body is answered with 400 or 422 and nothing breaks', async () => {
  const routes = [
    ['POST', '/jobs'],
    ['POST', '/estimate'],
    ['PATCH', '/jobs/x'],
    ['PATCH', '/devices/x'],
    ['PATCH', '/volunteers/x'],
    ['PATCH', '/host'],
    ['POST', '/logout'],
  ] as const
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object().map((value) => JSON.stringify({ params: {}, ...value })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), body, async ([method, path], text) => {
      const answer = await pool.call(method, path, text)
      expect([204, 400, 404, 422]).toContain(answer.status)
      await answer.arrayBuffer()
    }),
    { numRuns: 150 },
  )
  expect((await root('/healthz')).status).toBe(200)
})

test('[G16] openapi.json describes every route with the schemas that parse its requests', async () => {
  const document = (await (await root('/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { requestBody?: { content: { 'application/json': { schema: object } } } }>>
  }
  const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((m) => [m, path]))
  expect(operations.length).toBeGreaterThan(25)
  for (const [method = '', path = ''] of operations) {
    const answer = await root(path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase() })
    expect(answer.status, `${method} ${path}`).not.toBe(405)
    await answer.arrayBuffer()
  }
  const submitBody = document.paths['/api/v1/jobs']?.['post']?.requestBody?.content['application/json'].schema
  expect(submitBody).toMatchObject({ required: ['kind', 'params'], additionalProperties: false })
})

test('[G17] metrics are Prometheus text, and answers carry their policy', async () => {
  const metrics = await root('/metrics')
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await metrics.text()
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+-]+)$/)
  for (const name of ['devices', 'jobs', 'commits_total', 'event_loop_delay_seconds', 'resident_memory_bytes'])
    expect(text).toContain(`poolparty_${name}`)
  const answer = await root('/api/v1/jobs')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})
