import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildKernels } from '../../scripts/build-kernels.mjs'

const published = join(import.meta.dirname, '..', '..', 'public', 'kernels')

test('[F24] a kernel is one script without imports, named by the hash of its bytes', async () => {
  for (const [kind, { hash, file, bytes }] of Object.entries(await buildKernels())) {
    const script = readFileSync(join(published, file))
    expect(file).toBe(`${kind}.${hash}.mjs`)
    expect(createHash('sha256').update(script).digest('hex').slice(0, 16)).toBe(hash)
    expect(script.length).toBe(bytes)
    expect(script.toString()).not.toMatch(/\bimport\b\s*[^(]|\brequire\(|node:/)
  }
})

test('[F24] nothing is built again when nothing changed', async () => {
  const before = await buildKernels()
  const file = join(published, 'manifest.json')
  const { mtimeMs } = statSync(file)
  expect(await buildKernels()).toEqual(before)
  expect(statSync(file).mtimeMs).toBe(mtimeMs)
})
