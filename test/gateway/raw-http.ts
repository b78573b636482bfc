import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** In lower case. */
  readonly head: string
  readonly body: string
}

/** One request whose target is sent as it is written: clients put a path into its plain form before they send it. */
export function rawGet(url: string, target: string, headers: readonly string[] = []): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const came: Buffer[] = []
    socket.on('data', (bytes) => came.push(bytes))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...body] = Buffer.concat(came).toString().split('\r\n\r\n')
      resolve({ status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: body.join('\r\n\r\n') })
    })
    socket.write([`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n'))
  })
}
