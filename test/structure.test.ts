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
const pagePackages = /^(?!@prisma|prisma|socket\.io$|node:)/
/** Longest matching prefix wins. */
const folders: Readonly<Record<string, Folder>> = {
  'protocol/': { own: ['protocol/'], packages: /^zod\/mini$/ },
  'jobs/': { own: ['protocol/', 'jobs/'], packages: /^zod\/mini$/ },
  'components/': { own: ['protocol/', 'jobs/define.ts', 'components/'], packages: pagePackages },
  'coordinator/pool/': { own: ['protocol/', 'coordinator/pool/'], packages: nothing },
  'coordinator/store/': {
    own: ['protocol/', 'coordinator/pool/', 'coordinator/store/', 'coordinator/disk.ts', 'coordinator/thread.ts'],
    packages: /^(node:.*|@prisma\/.*|@libsql\/client\/sqlite3|pg)$/,
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
  'market/desk/': { own: ['protocol/', 'jobs/', 'market/desk/'], packages: /^zod\/mini$/ },
  'market/server/': {
    own: [
      ...['protocol/', 'jobs/', 'market/desk/', 'market/server/'],
      // The port of applications, and tools that an application may use.
      ...['coordinator/application.ts', 'coordinator/thread.ts', 'coordinator/disk.ts', 'coordinator/log.ts'],
      ...['coordinator/http/route.ts', 'coordinator/problem.ts', 'coordinator/inputs/port.ts'],
    ],
    packages: /^(?!@prisma|prisma|react)/,
  },
  'market/pages/': {
    own: ['protocol/', 'jobs/', 'components/', 'market/desk/', 'market/pages/'],
    packages: pagePackages,
  },
  'app/': {
    own: ['protocol/', 'jobs/', 'components/', 'workers/', 'coordinator/api/', 'market/pages/', 'market/desk/', 'app/'],
    packages: /^(?!@prisma|prisma|socket\.io$)/,
  },
}

/** The kinds there are, as folders of `jobs/`: those that the list names. */
const kindFolders = [
  ...readFileSync(join(root, 'jobs/index.ts'), 'utf8').matchAll(/from '\.\/([^/']+)\/index\.ts'/g),
].map((match) => match[1]!)
const kindOf = (path: string) => kindFolders.find((kind) => path.startsWith(`jobs/${kind}/`))

/** Narrower than the folder's rule. */
const exceptions: Readonly<Record<string, (from: string, to: string) => boolean>> = {
  'a kind sees what stands right in jobs/ but the list, ../math/ and its own folder': (from, to) => {
    const kind = kindOf(from)
    if (kind === undefined || !to.startsWith('jobs/')) return true
    const shared = /^jobs\/[a-z-]+\.ts$/.test(to) && to !== 'jobs/index.ts'
    return shared || to.startsWith('jobs/math/') || to.startsWith(`jobs/${kind}/`)
  },
  'views are imported only by app': (from, to) => !to.endsWith('/view.tsx') || from.startsWith('app/'),
  'kernel.as.ts is imported only by asc': (from, to) => !to.endsWith('.as.ts') || from.endsWith('.as.ts'),
  'next is imported by the server alone': (from, to) =>
    to !== 'next' || !from.startsWith('coordinator/') || /^coordinator\/(server|start)\.ts$/.test(from),
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
    ? folder.own.some((own) => to.startsWith(own)) || (view && to.startsWith('components/'))
    : folder.packages.test(specifier) || (view && pagePackages.test(specifier))
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
  expect(broken('market/server/market.ts', '../../coordinator/gateway.ts')).toMatch(/may not/)
  expect(broken('app/page.tsx', '../coordinator/pool/pool.ts')).toMatch(/may not/)
})

/** Files that import each other in a loop, each loop once; types count, as whoever reads one must read the other. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const number = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  function visit(path: string): void {
    number.set(path, number.size)
    low.set(path, number.get(path)!)
    open.push(path)
    for (const next of imports.get(path) ?? []) {
      if (!number.has(next)) visit(next)
      if (open.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!))
    }
    if (low.get(path) !== number.get(path)) return
    const circle = open.splice(open.indexOf(path))
    if (circle.length > 1) found.push(circle.toSorted())
  }
  for (const path of imports.keys()) if (!number.has(path)) visit(path)
  return found
}

test('[A1] no files import each other in a circle, not even types', () => {
  const all = sources.map((from) => [from, importsOf(from).map((to) => resolve(from, to))] as const)
  expect(circles(new Map(all))).toEqual([])
  expect(
    circles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual([['b', 'c']])
})

/** Rows of ARCHITECTURE.md's table of the coordinator's parts, from the top: folders and files right in `coordinator/`. */
const partRows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  .split('| part | what it does |')[1]!
  .split('\n\n')[0]!
  .split('\n')
  .slice(2)
  .map((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!))
const partOf = (path: string) => path.slice('coordinator/'.length).replace(/\/.*/, '/')
const heightOf = (path: string) => partRows.findIndex((row) => row.includes(partOf(path)))

test('[A1] a part of the coordinator imports only what stands below it in ARCHITECTURE.md', () => {
  const inside = sources.filter((path) => path.startsWith('coordinator/'))
  const parts = [...new Set(inside.map(partOf))]
  expect(parts.filter((part) => !partRows.flat().includes(part))).toEqual([])
  expect(partRows.flat().filter((part) => !parts.includes(part))).toEqual([])
  const upward = inside.flatMap((from) =>
    importsOf(from)
      .map((to) => resolve(from, to))
      .filter((to) => to.startsWith('coordinator/') && partOf(to) !== partOf(from) && heightOf(to) < heightOf(from))
      .map((to) => `${from} imports ${to}, which stands above it`),
  )
  expect(upward).toEqual([])
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
  const kind = `['"](${kindFolders.join('|')})['"]`
  const branch = new RegExp(`(kind(\\.id)?|Kind)\\s*(===|!==|==|!=)\\s*${kind}|case\\s+${kind}\\s*:`)
  expect(kindFolders.length).toBeGreaterThan(2)
  expect(branch.test("if (job.kind === 'fractal') {")).toBe(true)
  const found = sources
    .filter((path) => kindOf(path) === undefined && !path.startsWith('test/'))
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

test('[A6] files keep a size one can read: none over 300 lines, hardly any so small that it is no noun', () => {
  const lines = (path: string) => readFileSync(join(root, path), 'utf8').split('\n').length - 1
  const code = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|css|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|\.next|build|generated|data|test|public)\//.test(path))
    .filter((path) => path !== 'next-env.d.ts')
  expect(code.length).toBeGreaterThan(300)
  expect(code.filter((path) => lines(path) > 300)).toEqual([])
  expect(code.filter((path) => lines(path) < 25).length).toBeLessThanOrEqual(40)
})
