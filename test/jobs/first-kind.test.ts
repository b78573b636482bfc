import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EncodeTools, Kernel } from '../../jobs/define.ts'
import { kinds } from '../../jobs/index.ts'
import { loadKernel } from './kernel.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs/your-first-kind.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1]!)

test('[F26] the code of docs/your-first-kind.md is the code of the kind, and small', () => {
  const files = ['jobs/monte-carlo-pi/kernel.ts', 'jobs/monte-carlo-pi/index.ts', 'jobs/index.ts']
  expect(blocks('ts')).toEqual(files.map((path) => readFileSync(join(root, path), 'utf8')))
  const code = files
    .slice(0, 2)
    .flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*|\*)/.test(line))
  expect(code.length).toBeLessThanOrEqual(40)
})

test('[F26] the job that the page submits gives π', async () => {
  const [, request] = /-d '(\{.*?\})'/.exec(blocks('sh')[0]!)!
  const { kind: id, params } = JSON.parse(request!) as { kind: string; params: unknown }
  const kind = kinds.find((one) => one.id === id)!
  const parsed = kind.schema.parse(params)
  const { kernel } = await loadKernel<{ kernel: Kernel }>(id)
  const prepared = await kernel.prepare(parsed)
  async function* outputs() {
    for (let task = 0; task < kind.split(parsed, undefined); task++) yield kernel.run(prepared, task, () => {})
  }
  let text = ''
  for await (const part of kind.formats.result.encode(parsed, outputs(), {} as EncodeTools, undefined))
    text += new TextDecoder().decode(part)
  const { pi, points } = JSON.parse(text) as { pi: number; points: number }
  // Four standard deviations.
  expect(Math.abs(pi - Math.PI)).toBeLessThan(4 * Math.sqrt((Math.PI * (4 - Math.PI)) / points))
})
