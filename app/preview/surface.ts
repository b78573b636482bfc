import type { PaintNews } from './messages.ts'

type Piece = Extract<PaintNews, { type: 'piece' }>

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Puts a piece of a picture of `from` pixels onto a canvas of `to` pixels. The canvas changes its size with the first piece
 * of a new picture, so that the old one stays until then.
 */
export function put(canvas: HTMLCanvasElement, { region, rgba }: Piece, from: Size, to: Size): void {
  const context = canvas.getContext('2d')
  if (!context || region.width === 0 || region.height === 0) return
  if (canvas.width !== to.width) canvas.width = to.width
  if (canvas.height !== to.height) canvas.height = to.height
  const image = new ImageData(rgba, region.width, region.height)
  if (from.width === to.width && from.height === to.height) {
    context.putImageData(image, region.x, region.y)
    return
  }
  const [across, down] = [to.width / from.width, to.height / from.height]
  const small = new OffscreenCanvas(region.width, region.height)
  small.getContext('2d')?.putImageData(image, 0, 0)
  context.drawImage(small, region.x * across, region.y * down, region.width * across, region.height * down)
}
