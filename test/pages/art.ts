import { readFileSync, writeFileSync } from 'node:fs'
import { launch } from './chromium.ts'

// Draws the static art of public/ (`node --import tsx test/pages/art.ts`): the light on the bottom of a pool and the icons.
// The light is what it looks like: photons falling through a wavy surface, bent by its slope, counted where they land.

const SIZE = 1024
/** Waves of the surface: whole periods per tile, so that tiles join without a seam. */
const WAVES = [
  [5, 2, 1.0, 0.4],
  [-4, 5, 0.9, 2.1],
  [2, -6, 0.85, 4.0],
  [7, 4, 0.5, 0.2],
  [-8, 1, 0.5, 4.4],
  [6, -5, 0.42, 1.3],
  [-5, -7, 0.4, 5.2],
  [1, 9, 0.26, 3.3],
  [-9, 6, 0.18, 0.9],
  [10, -2, 0.2, 2.6],
  [3, 3, 0.5, 1.9],
] as const
const DEPTH = 0.0026
const PHOTONS_PER_PIXEL = 4

function landings(): Float64Array {
  const light = new Float64Array(SIZE * SIZE)
  const side = SIZE * PHOTONS_PER_PIXEL
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = (column + 0.5) / side
      const y = (row + 0.5) / side
      let slopeX = 0
      let slopeY = 0
      for (const [kx, ky, height, phase] of WAVES) {
        const slope = height * Math.cos(2 * Math.PI * (kx * x + ky * y) + phase)
        slopeX += kx * slope
        slopeY += ky * slope
      }
      const u = (x + DEPTH * slopeX + 2) * SIZE
      const v = (y + DEPTH * slopeY + 2) * SIZE
      const left = Math.floor(u)
      const top = Math.floor(v)
      const fu = u - left
      const fv = v - top
      for (const [dx, dy, weight] of [
        [0, 0, (1 - fu) * (1 - fv)],
        [1, 0, fu * (1 - fv)],
        [0, 1, (1 - fu) * fv],
        [1, 1, fu * fv],
      ] as const) {
        const at = ((top + dy) % SIZE) * SIZE + ((left + dx) % SIZE)
        light[at] = (light[at] ?? 0) + weight
      }
    }
  }
  return light.map((count) => count / PHOTONS_PER_PIXEL ** 2)
}

const grey = Array.from(landings(), (light) => Math.round(255 * Math.min(1, (light / 3.6) ** 1.25)))

const { browser } = await launch()
const page = await browser.newPage()
const webp = await page.evaluate(
  ([size, levels]) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = size
    const context = canvas.getContext('2d')!
    const image = context.createImageData(size, size)
    levels.forEach((level, i) => {
      image.data.set([level, level, level, 255], i * 4)
    })
    context.putImageData(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.5)
  },
  [SIZE, grey] as const,
)
writeFileSync('public/art/caustics.webp', Buffer.from(webp.split(',')[1]!, 'base64'))

const icon = readFileSync('app/icon.svg', 'utf8')
for (const [path, side] of [
  ['public/art/icon-192.png', 192],
  ['public/art/icon-512.png', 512],
  ['app/apple-icon.png', 180],
] as const) {
  await page.setViewportSize({ width: side, height: side })
  // Whole squares: phones cut their own corners.
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${icon.replace(' rx="8"', '')}`,
  )
  writeFileSync(path, await page.screenshot())
}
await browser.close()
