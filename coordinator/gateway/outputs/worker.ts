import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { AnyKind } from '../../../jobs/define.ts'
import { type Canvas, createCanvas } from './canvas.ts'
import { encode } from './encode.ts'
import { taskMs } from './estimate.ts'
import { measure } from './measure.ts'
import type { Answers, JobFacts, Request, Tile } from './messages.ts'
import { unpack } from './pack.ts'
import { rowsOf } from './rows.ts'

// Entry of the gateway's worker threads: everything that touches outputs' bytes, so that sockets never wait for it.

const { kinds } = (await import(pathToFileURL(String(workerData.kinds)).href)) as { kinds: readonly AnyKind[] }
const byId = new Map(kinds.map((kind) => [kind.id, kind]))
const canvases = new Map<string, Canvas>()

function canvas({ job, kind, params }: JobFacts): Canvas {
  let found = canvases.get(job)
  if (!found) {
    const picture = byId.get(kind)?.picture
    if (!picture) throw new Error(`The kind ${kind} has no picture`)
    found = createCanvas(picture, params)
    canvases.set(job, found)
  }
  return found
}

function known({ kind }: JobFacts): AnyKind {
  const found = byId.get(kind)
  if (!found) throw new Error(`This pool knows no kind "${kind}"`)
  return found
}

interface Answer {
  readonly value: Answers[Request['type']] | Promise<Answers[Request['type']]>
  readonly transfer: ArrayBuffer[]
}

function answer(request: Request): Answer {
  switch (request.type) {
    case 'measure': {
      const value = request.items.map((item) => measure(byId.get(item.facts.kind), item))
      return { value, transfer: value.flatMap((one) => (one.type === 'broken' ? [] : [one.bytes])) }
    }
    case 'paint': {
      const tiles: Tile[] = []
      unpack(request.packed).forEach((output, i) => {
        const tile = canvas(request.facts).paint(request.from + i, output, request.tiles)
        if (tile) tiles.push(tile)
      })
      return { value: tiles, transfer: tiles.map((tile) => tile.png.buffer) }
    }
    case 'clear':
      for (let index = request.from; index < request.to; index++) canvas(request.facts).clear(index)
      return { value: null, transfer: [] }
    case 'snapshot': {
      const value = canvas(request.facts).snapshot()
      return { value, transfer: [value.buffer] }
    }
    case 'forget':
      canvases.delete(request.job)
      return { value: null, transfer: [] }
    case 'estimate':
      return {
        value: taskMs(byId.get(request.kind)?.input, request),
        transfer: [],
      }
    case 'encode':
      return {
        value: encode(known(request.facts), request.facts, request.format, request.port),
        transfer: [],
      }
    case 'rows':
      return { value: rowsOf(known(request.facts), request.facts, request.places), transfer: [] }
    default:
      throw new Error(`Unknown request ${request satisfies never}`)
  }
}

function reply(id: number, value: unknown, transfer: ArrayBuffer[]) {
  parentPort?.postMessage({ id, value }, transfer)
}

parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
  const failed = (error: Error) => parentPort?.postMessage({ id, error: error.message })
  try {
    const { value, transfer } = answer(request)
    if (value instanceof Promise) value.then((later) => reply(id, later, transfer), failed)
    else reply(id, value, transfer)
  } catch (error) {
    failed(error as Error)
  }
})
