import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import type { Config } from './config.ts'

/** Every address the pool can be opened at, the best for others in the room first. */
export async function poolUrls(config: Pick<Config, 'host' | 'url'>, port: number): Promise<readonly string[]> {
  const here = await hosts(config.host)
  const urls = here.map((host) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`)
  return config.url === null ? urls : [config.url, ...urls.filter((url) => url !== config.url)]
}

/** What people open or scan to join. The key stands behind the #, which browsers send nowhere. */
export function joinLink(url: string, poolKey: string | null): string {
  return `${url}/join${poolKey === null ? '' : `#key=${encodeURIComponent(poolKey)}`}`
}

/** What lends a machine from its command line: the pool's own package, and nothing else is installed. */
export function agentCommand(url: string, archive: string, poolKey: string | null): string {
  // A key may hold signs that a shell would read.
  const address = poolKey === null ? url : `'${joinLink(url, poolKey).replaceAll("'", '%27')}'`
  return `npx --yes ${url}${archive} ${address}`
}

/** Where this machine reaches its own pool. */
export function ownUrl(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

async function hosts(host: string): Promise<string[]> {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const found = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal && !address.address.startsWith('169.254.'))
    .map((address) => address.address)
  const first = await defaultRouteAddress()
  const ordered = [...new Set([...(first !== null && found.includes(first) ? [first] : []), ...found])]
  return [...ordered, 'localhost']
}

/** Connecting a UDP socket sends nothing; it only makes the system choose the address it would send from. */
function defaultRouteAddress(): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const answer = (address: string | null) => {
      socket.close()
      resolve(address)
    }
    socket.on('error', () => answer(null))
    // An address reserved for documentation: no such machine exists.
    socket.connect(9, '203.0.113.1', () => answer(socket.address().address))
  })
}
