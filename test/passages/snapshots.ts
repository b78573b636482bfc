import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { dirname, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What preload.mjs answers: offsets of the functions of a script that ran. */
type Ran = readonly { readonly url: string; readonly starts: readonly number[] }[]

export interface Snapshots {
  /** For the environment of the coordinator. */
  readonly env: Readonly<Record<string, string>>
  threads(): number
  /** `FILE:LINE` of every function that ran in any thread since the last snapshot. */
  take(): Promise<ReadonlySet<string>>
  close(): void
}

/** @param root the checkout whose files are counted */
export async function openSnapshots(root: string): Promise<Snapshots> {
  const threads = new Map<Socket, (ran: Ran) => void>()
  const server = createServer((socket) => {
    threads.set(socket, () => {})
    createInterface(socket).on('line', (line) => threads.get(socket)?.(JSON.parse(line)))
    socket.on('error', () => {})
    socket.on('close', () => {
      threads.get(socket)?.([])
      threads.delete(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const place = createPlaces(root)
  const ask = (socket: Socket) =>
    new Promise<Ran>((resolve) => {
      threads.set(socket, resolve)
      socket.write('take\n')
    })
  return {
    env: {
      NODE_OPTIONS: `--import ${pathToFileURL(resolve(import.meta.dirname, 'preload.mjs')).href}`,
      PASSAGES_PORT: String(port),
    },
    threads: () => threads.size,
    async take() {
      const answers = await Promise.all([...threads.keys()].map(ask))
      const places = answers.flat().flatMap(({ url, starts }) => starts.map((start) => place(url, start)))
      return new Set(places.filter((one) => one !== null))
    },
    close() {
      for (const socket of threads.keys()) socket.destroy()
      server.close()
    },
  }
}

interface Script {
  /** Offsets. */
  readonly lineStarts: readonly number[]
  /** Null for a script that is its own source. */
  readonly map: SourceMap | null
}

/** Where a function of a built script stands in the sources; null for what the bundler or a generator wrote. */
function createPlaces(root: string) {
  const scripts = new Map<string, Script>()

  function load(path: string): Script {
    const text = readFileSync(path, 'utf8')
    const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
    const map = existsSync(`${path}.map`) ? new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8'))) : null
    return { lineStarts, map }
  }

  return (url: string, offset: number): string | null => {
    const path = fileURLToPath(url)
    const script = scripts.get(path) ?? load(path)
    scripts.set(path, script)
    const line = script.lineStarts.findLastIndex((start) => start <= offset)
    if (!script.map) return `${relative(root, path)}:${line + 1}`
    const entry = script.map.findEntry(line, offset - script.lineStarts[line]!)
    // What the bundler wrote itself has no entry on its line.
    if (!('originalSource' in entry) || entry.generatedLine !== line) return null
    const source = relative(root, resolve(dirname(path), entry.originalSource))
    return /(^|\/)(node_modules|generated|\.\.)\//.test(source) ? null : `${source}:${entry.originalLine + 1}`
  }
}
