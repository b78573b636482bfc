import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { AccessCheck } from './access.ts'
import { parse, readJson } from './body.ts'
import { HttpProblem, problem, problemOf, sendProblem } from './problem.ts'
import { type Method, type Route, reads } from './route.ts'
import { send } from './send.ts'

const PREFIX = '/api/v1'
/** Ids and names that can stand in a path; everything else is unknown without asking. */
const PART = /^[\w-]{1,64}$/

interface Node {
  readonly pattern: readonly string[]
  readonly routes: Map<string, Route>
}

/** Serves /api/**: the routes of the table, and a problem for everything else. */
export function createRouter(parts: {
  routes: readonly Route[]
  access: AccessCheck
  log: Log
  addressOf(request: IncomingMessage): string
}) {
  const { access, log } = parts
  const nodes: Node[] = []
  for (const route of parts.routes) {
    const pattern = route.path.split('/')
    let node = nodes.find((one) => one.pattern.join('/') === route.path)
    if (!node) {
      node = { pattern, routes: new Map() }
      nodes.push(node)
    }
    node.routes.set(route.method, route)
  }

  function find(path: string): { node: Node; named: Record<string, string> } | null {
    const given = path.split('/')
    for (const node of nodes) {
      if (node.pattern.length !== given.length) continue
      const named: Record<string, string> = {}
      const fits = node.pattern.every((part, i) => {
        const text = given[i]!
        if (!part.startsWith(':')) return part === text
        named[part.slice(1)] = text
        return PART.test(text)
      })
      if (fits) return { node, named }
    }
    return null
  }

  async function call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', search = ''] = (request.url ?? '').split('?', 2)
    const found = path.startsWith(`${PREFIX}/`) ? find(path.slice(PREFIX.length)) : null
    if (!found)
      throw new HttpProblem(404, 'There is nothing at this address. /api/v1/openapi.json lists what there is.')
    const asked = request.method as Method
    const method = asked === 'HEAD' && !found.node.routes.has(asked) ? 'GET' : asked
    const route = found.node.routes.get(method)
    if (!route) {
      const names = [...found.node.routes.keys()]
      const allow = [...new Set(names.includes('GET') ? ['HEAD', ...names] : names)].join(', ')
      throw new HttpProblem(405, `This address takes ${allow}.`, { allow })
    }
    const address = parts.addressOf(request)
    const isAdmin = access.check(request, route.access, method, address)
    const query = route.query && parse(route.query, Object.fromEntries(new URLSearchParams(search)), 'query')
    const body = route.body && parse(route.body, await readJson(request), 'body', route.alsoWrong)
    const cookie = request.headers.cookie ?? null
    const answer = await route.handle({
      path: found.named,
      query: query as never,
      body: body as never,
      ...{ address, cookie, isAdmin, headers: request.headers, ...streamOf(request) },
    })
    if (!reads(method) && route.access === 'admin') log.info({ method, path, address }, 'admin')
    await send(request, response, answer)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await call(request, response)
    } catch (error) {
      const known = problemOf(error)
      if (!known) log.error({ err: error, path: request.url?.split('?')[0] }, 'a request failed')
      if (response.headersSent) return void response.destroy()
      // What is left of the body is not read: the connection ends with the answer.
      const close: Record<string, string> = request.readableEnded ? {} : { connection: 'close' }
      const told = known?.problem ?? problem(500, 'Something went wrong here; the log of the pool says what.')
      sendProblem(response, told, { ...close, ...known?.headers }, request.method !== 'HEAD')
    }
  }
}

function streamOf(request: IncomingMessage) {
  const length = request.headers['content-length']
  return {
    stream: { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) },
    streamBytes: length === undefined ? undefined : Number(length),
  }
}
