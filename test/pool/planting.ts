import { readFileSync } from 'node:fs'
import type { Plugin } from 'vitest/config'

// A file of the pool asked for as `FILE?planted=a,b` has its functions a and b replaced by what `globalThis.planted`
// answers for them, for its own calls as well: merging two files must not hide a fault from the laws.

export const plantingPlugin: Plugin = {
  name: 'planting',
  enforce: 'pre',
  load(id) {
    const [path, names] = id.split('?planted=')
    if (!path || !names) return undefined
    return names.split(',').reduce(plant, readFileSync(path, 'utf8'))
  },
}

function plant(text: string, name: string): string {
  const head = new RegExp(`^(export )?function ${name}\\b`, 'm')
  if (!head.test(text)) throw new Error(`There is no function ${name} to plant a fault into.`)
  const original = `${name}Original`
  const planted = `export function ${name}(...given: never[]): any { return (globalThis as any).planted.${name}(...given) }`
  return `${text.replace(head, `export function ${original}`)}\n${planted}\n`
}
