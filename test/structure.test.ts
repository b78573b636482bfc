import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { benches } from './bench/benches.ts'

// The folder table of ARCHITECTURE.md, kept true by machine: who may import whom.

const root = join(import.meta.dirname, '..')

interface Folder {
  /** Own modules, as path prefixes from the root. */
  readonly own: readonly string[]
  /** Packages, as patterns. */
  readonly packages: RegExp
}

const nothing = /^$/
/** Longest matching prefix wins. */
const folders: Readonly<Record<string, Folder>> = {
  'protocol/': { own: ['protocol/'], packages: /^zod\/mini$/ },
  'jobs/': { own: ['protocol/', 'jobs/'], packages: /^zod\/mini$/ },
  'coordinator/pool/': { own: ['protocol/', 'coordinator/pool/'], packages: nothing },
  'coordinator/store/': {
    own: ['protocol/', 'coordinator/pool/', 'coordinator/store/', 'coordinator/place.ts'],
    packages: /^(node:.*|@prisma\/.*|@libsql\/client\/sqlite3|pg|comlink)$/,
  },
  'coordinator/': { own: ['protocol/', 'jobs/', 'coordinator/'], packages: /^(?!@prisma|prisma|react)/ },
  // The one place that names applications.
  'coordinator/server.ts': { own: ['coordinator/', 'market/server/market.ts'], packages: /^(node:.*|next)$/ },
  'workers/': {
    own: ['protocol/', 'jobs/', 'workers/'],
    packages: /^(comlink|socket\.io-client|socket\.io-msgpack-parser)$/,
  },
  'node-agent/': {
    own: ['protocol/', 'jobs/', 'workers/', 'node-agent/'],
    packages: /^(node:.*|comlink.*|socket\.io-client|socket\.io-msgpack-parser)$/,
  },
  'app/': {
    own: ['protocol/', 'jobs/', 'workers/', 'coordinator/api/', 'app/'],
    packages: /^(?!@prisma|prisma|socket\.io$)/,
  },
}

/** Narrower than the folder's rule. */
const exceptions: Readonly<Record<string, (from: string, to: string) => boolean>> = {
  'a kind sees ../define, ../math/ and its own folder': (from, to) => {
    const kind = /^jobs\/([a-z]+)\//.exec(from)?.[1]
    if (kind === undefined || kind === 'math' || !to.startsWith('jobs/') || from.endsWith('.tsx')) return true
    return to === 'jobs/define.ts' || to.startsWith('jobs/math/') || to.startsWith(`jobs/${kind}/`)
  },
  'views are imported only by app': (from, to) => !to.endsWith('/view.tsx') || from.startsWith('app/'),
  'kernel.as.ts is imported only by asc': (from, to) => !to.endsWith('.as.ts') || from.endsWith('.as.ts'),
  'the pool takes only types from jobs and protocol values': (from, to) =>
    !from.startsWith('coordinator/pool/') || !to.startsWith('jobs/'),
  'next is imported by the server alone': (from, to) =>
    to !== 'next' || !from.startsWith('coordinator/') || /^coordinator\/(server|start|pages)\.ts$/.test(from),
}

const sources = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((path) => !/(^|\/)(node_modules|\.next|build|generated|data)\//.test(path))

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)) : specifier
}

function broken(from: string, specifier: string): string | undefined {
  const prefix = Object.keys(folders)
    .filter((key) => from.startsWith(key))
    .sort((a, b) => b.length - a.length)[0]
  if (prefix === undefined || from.endsWith('.as.ts')) return undefined
  const folder = folders[prefix]!
  const to = resolve(from, specifier)
  const view = from.startsWith('jobs/') && from.endsWith('.tsx')
  const allowed = specifier.startsWith('.')
    ? folder.own.some((own) => to.startsWith(own)) || (view && to.startsWith('app/'))
    : folder.packages.test(specifier) || (view && folders['app/']!.packages.test(specifier))
  if (!allowed) return `${from} imports ${to}: ${prefix} may not`
  const rule = Object.entries(exceptions).find(([, holds]) => !holds(from, to))
  return rule && `${from} imports ${to}: ${rule[0]}`
}

test('[A1] every import keeps to the folder table', () => {
  expect(sources.length).toBeGreaterThan(50)
  expect(
    sources.flatMap((from) =>
      importsOf(from)
        .map((to) => broken(from, to))
        .filter((said) => said !== undefined),
    ),
  ).toEqual([])
})

test('[A1] the check sees a broken rule', () => {
  expect(broken('coordinator/pool/state.ts', 'node:crypto')).toMatch(/may not/)
  expect(broken('jobs/fractal/index.ts', '../csv/index.ts')).toMatch(/a kind sees/)
  expect(broken('app/page.tsx', '../coordinator/pool/pool.ts')).toMatch(/may not/)
})

test('[A2] the pool reads no clock, no chance and no timer', () => {
  const impure = /\b(Date\b|Math\.random|setTimeout|setInterval|performance\.|process\.|crypto\.|globalThis)/
  const found = sources
    .filter((path) => path.startsWith('coordinator/pool/'))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .map((line, i) => ({ line: line.replace(/\/\/.*|^\s*\*.*/, ''), at: `${path}:${i + 1}` }))
        .filter(({ line }) => impure.test(line))
        .map(({ line, at }) => `${at} ${line.trim()}`),
    )
  expect(found).toEqual([])
})

test('[A3] nothing outside a kind’s folder branches on a kind', () => {
  const branch =
    /(kind(\.id)?|Kind)\s*(===|!==|==|!=)\s*['"](fractal|csv|btc|function)['"]|case\s+['"](fractal|csv|btc)['"]\s*:/
  const found = sources
    .filter((path) => !/^(jobs\/[a-z]+\/|test\/)/.test(path))
    .filter((path) => branch.test(readFileSync(join(root, path), 'utf8')))
  expect(found).toEqual([])
})

test('[A4] every rule of SPEC.md is named by a test, and every rule a test names stands there', () => {
  const spec = readFileSync(join(root, 'SPEC.md'), 'utf8')
  const rules = new Set([...spec.matchAll(/^- \*\*\[([A-Z]\d+)\]\*\*/gm)].map((match) => match[1]!))
  const named = new Set(
    readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .flatMap((entry) => [...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(/\[([A-Z]\d+)\]/g)])
      .map((match) => match[1]!),
  )
  expect({
    withoutTest: [...rules].filter((rule) => !named.has(rule)),
    withoutRule: [...named].filter((rule) => !rules.has(rule)),
  }).toEqual({ withoutTest: [], withoutRule: [] })
})

test('[A5] every benchmark stands in the README, and nothing else stands there as one', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const section = readme.split('## Benchmarks')[1]!.split('\n## ')[0]!
  const names = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
  expect(names.toSorted()).toEqual(Object.keys(benches).toSorted())
})
