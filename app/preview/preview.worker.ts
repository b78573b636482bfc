import { type Kernel, type Region, rgbaOf } from '../../jobs/define.ts'

// Computes a small picture in the page with the very kernel the devices run.

export interface PaintOrder {
  readonly kernelUrl: string
  readonly params: unknown
  readonly taskCount: number
}

export type PaintNews =
  | { readonly type: 'piece'; readonly region: Region; readonly rgba: Uint8ClampedArray<ArrayBuffer> }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string }

const tell = (news: PaintNews, move: Transferable[] = []) => self.postMessage(news, { transfer: move })

async function paint({ kernelUrl, params, taskCount }: PaintOrder): Promise<void> {
  const { kernel } = (await import(/* turbopackIgnore: true */ /* webpackIgnore: true */ kernelUrl)) as {
    kernel: Kernel
  }
  const prepared = await kernel.prepare(params)
  for (let index = 0; index < taskCount; index++) {
    const output = kernel.run(prepared, index, () => undefined)
    const painted = kernel.paint?.(params, index, output, 1)
    if (!painted) continue
    const rgba = rgbaOf(painted)
    tell({ type: 'piece', region: painted.region, rgba }, [rgba.buffer])
  }
  tell({ type: 'done' })
}

self.onmessage = ({ data }: MessageEvent<PaintOrder>) => {
  paint(data).catch((error: unknown) =>
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
}
