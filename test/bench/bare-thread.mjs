import { pathToFileURL } from 'node:url'
import { parentPort } from 'node:worker_threads'

/** @type {(next: Int32Array, picture: Uint32Array | undefined) => void | Promise<void>} */
let run = () => {}

/** @param {import('./bare.ts').BareWork} work */
async function prepare(work) {
  switch (work.type) {
    case 'kernel': {
      const { kernel } = await import(pathToFileURL(work.script).href)
      run = async (next) => {
        const prepared = await kernel.prepare(work.params)
        for (;;) {
          const index = Atomics.add(next, 0, 1)
          if (index >= work.taskCount) return
          kernel.run(prepared, index, () => {})
        }
      }
      return
    }
    case 'plain': {
      const { view } = work
      plainRow(view, view.height >> 1, new Uint32Array(view.width), 0)
      run = (next, picture) => {
        for (;;) {
          const y = Atomics.add(next, 0, 1)
          if (y >= view.height || !picture) return
          plainRow(view, y, picture, y * view.width)
        }
      }
    }
  }
}

/** @param {import('./bare.ts').PlainView} view @param {number} y @param {Uint32Array} out @param {number} at */
function plainRow(view, y, out, at) {
  const { width, height, maxIterations } = view
  const step = view.span / width
  const cIm = view.center[1] - (y + 0.5 - height / 2) * step
  for (let x = 0; x < width; x++) {
    const cRe = view.center[0] + (x + 0.5 - width / 2) * step
    let re = 0
    let im = 0
    let n = 0
    for (; n <= maxIterations; n++) {
      if (re * re + im * im > 4) break
      const next = re * re - im * im + cRe
      im = 2 * re * im + cIm
      re = next
    }
    out[at + x] = n > maxIterations ? 0xffffffff : n * 256
  }
}

parentPort?.on('message', async (message) => {
  try {
    if (message.type === 'prepare') await prepare(message.work)
    else await run(message.next, message.picture)
    parentPort?.postMessage({})
  } catch (error) {
    parentPort?.postMessage({ error: String(error) })
  }
})
