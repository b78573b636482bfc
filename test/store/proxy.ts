import { connect, createServer, type Socket } from 'node:net'

/** Stands between a store and PostgreSQL and can lose an answer. */
export async function startProxy(target: number) {
  let armed = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    upstream.pipe(client)
    client.on('data', (bytes) => {
      if (armed && bytes.includes('COMMIT')) {
        armed = false
        // The server gets to see the COMMIT and then that nobody listens any more.
        upstream.unpipe(client)
        upstream.end(bytes)
        upstream.resume()
        client.destroy()
      } else upstream.write(bytes)
    })
    client.on('end', () => upstream.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutAtNextCommit() {
      armed = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
