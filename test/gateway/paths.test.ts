import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Inside, openInside } from './inside.ts'
import { rawGet } from './raw-http.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
}, 60_000)
afterAll(() => inside.close())

const NOT_PLAIN = [
  ...['/join/../jobs', '/join/./', '/join/..', '/..', '/.', '/join/%2e%2e/jobs', '/join/%2E./jobs', '/_next/../jobs'],
  ...['/_next/static/../../jobs', '/_next/static/%2e%2e/%2e%2e/jobs', '/join%2f..%2fjobs', '/join%2Fjobs', '/j%2eoin'],
  ...['/join\\..\\jobs', '/join%5c..%5cjobs', '//jobs', '/join//jobs', '//other.example/jobs', '/join#/../jobs'],
  ...['/healthz/../metrics', '/api/v1/../../healthz', '/api/%2e%2e/healthz', '/kernels/%2e%2e/manifest.json', '/j"o'],
  ...['http://127.0.0.1/join/../jobs', '*'],
]

test('[G98] a path that is not in its plain form is refused before anything looks at it', async () => {
  const pool = await inside.start()
  for (const target of NOT_PLAIN) {
    const { status, head, body } = await rawGet(pool.url, target)
    expect(status, target).toBe(400)
    expect(head, target).toContain('content-type: application/problem+json')
    expect(JSON.parse(body), target).toMatchObject({ status: 400, detail: expect.stringMatching(/plain form/) })
  }
  for (const target of ['/healthz', '/healthz?/../%2e%2e', '/metrics', '/api/v1/now', '/api/v1/openapi.json'])
    expect((await rawGet(pool.url, target)).status, target).toBe(200)
  await pool.close()
})
