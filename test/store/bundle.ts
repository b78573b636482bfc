import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../coordinator/disk.ts'

const folder = join(root, 'node_modules', '.cache', 'poolparty-test')

/** A script that threads and child processes of these tests can run; beside node_modules, so that it finds packages. */
export async function bundle(source: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const name = source.split('/').at(-1)?.replace(/\.ts$/, '')
  const outfile = join(folder, `${name}-${process.pid}.mjs`)
  await build({
    entryPoints: [join(root, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  })
  return outfile
}
