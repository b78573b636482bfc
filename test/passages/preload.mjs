// Loaded by `node --import` into every thread of a coordinator. Counts the calls of its functions from the first line on;
// asked over the port PASSAGES_PORT, it answers with the functions that ran since it was asked before.

import { Session } from 'node:inspector'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

const socket = connect(Number(process.env['PASSAGES_PORT']), '127.0.0.1')
// The coordinator ends when it wants to, and the measuring script when it is done.
socket.unref()
socket.on('error', () => {})
createInterface(socket).on('line', () => {
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error) throw new Error(error.message)
    socket.write(`${JSON.stringify(answer.result.map(ran).filter(({ starts }) => starts.length > 0))}\n`)
  })
})

/** A script and the offsets of its functions that ran, without the script's own top level. @param {import('node:inspector').Profiler.ScriptCoverage} script */
function ran({ url, functions }) {
  const own = url.startsWith('file:') && !url.includes('/node_modules/') && url !== import.meta.url
  const starts = functions.flatMap(({ ranges: [range] }) =>
    range?.count && range.startOffset > 0 ? range.startOffset : [],
  )
  return { url, starts: own ? starts : [] }
}
