import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, found from wherever this code runs: its source or a bundle in build/. */
export const root = nearestPackage(dirname(fileURLToPath(import.meta.url)))

/** A script made by scripts/build-server.mjs. Worker threads are always bundles: Node runs no TypeScript there. */
export function built(name: string): string {
  return join(root, 'build', name)
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('No package.json above the coordinator')
  return nearestPackage(parent)
}
