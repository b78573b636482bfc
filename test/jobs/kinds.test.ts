import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createDeflate } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnyKind, type EncodeTools, type Kernel, MAX_OUTPUT_BYTES, MalformedOutput } from '../../jobs/define.ts'
import { kinds } from '../../jobs/index.ts'
import { loadKernel } from './kernel.ts'

// A kind is tested by being listed: with the first job of its gallery, or with the small jobs of test/jobs/<kind>/cases.ts.

interface Case {
  readonly params: unknown
  /** What the coordinator knows of the stored input, for kinds that read one. */
  readonly input?: unknown
  /** The stored input itself. */
  readonly bytes?: Uint8Array
}

async function casesOf({ id, gallery }: AnyKind): Promise<{ cases: readonly Case[] }> {
  const own = join(import.meta.dirname, id, 'cases.ts')
  return existsSync(own) ? import(/* @vite-ignore */ own) : { cases: gallery.slice(0, 1) }
}

const tools: EncodeTools = {
  async *deflate(source) {
    const stream = createDeflate()
    const feeding = (async () => {
      for await (const part of source) stream.write(part)
      stream.end()
    })()
    yield* stream
    await feeding
  },
}

describe.each(kinds.map((kind) => [kind.id, kind] as const))('%s', (id, kind: AnyKind) => {
  const loaded = Promise.all([loadKernel<{ kernel: Kernel<unknown, unknown> }>(id), casesOf(kind)])

  async function outputsOf({ params, input, bytes }: Case): Promise<Uint8Array[]> {
    const { kernel } = (await loaded)[0]
    const shared =
      kind.input?.use === 'shared' ? bytes?.subarray(...(kind.input.part?.(params, input) ?? [])) : undefined
    const prepared = await kernel.prepare(params, shared)
    return Array.from({ length: kind.split(params, input) }, (_, index) => {
      const range = kind.input?.slice?.(params, index, input)
      return kernel.run(prepared, index, progressWithin(), range && bytes?.subarray(...range))
    })
  }

  test('[F1] every gallery entry parses to itself, has a short title and at least one task', () => {
    expect(kind.gallery.length).toBeGreaterThan(0)
    for (const { name, params } of kind.gallery) {
      expect(kind.schema.parse(params), name).toEqual(params)
      expect(kind.title(params).length).toBeLessThanOrEqual(80)
      if (!kind.input) expect(kind.split(params, undefined)).toBeGreaterThanOrEqual(1)
    }
  })

  test('[F2] whatever is sent as params is parsed or refused in words, never thrown at', () => {
    const { params } = kind.gallery[0]!
    const spoilt = fc.dictionary(fc.constantFrom(...Object.keys(params), 'extra', '__proto__'), fc.anything())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          spoilt.map((some) => ({ ...params, ...some })),
        ),
        (rubbish) => {
          const answer = kind.schema.safeParse(rubbish)
          if (answer.success) return kind.title(answer.data).length <= 80
          return answer.error.issues.every(({ message }) => message.length > 10)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('[F3] a task gives the same bits twice, small enough to send, and honest credit', async () => {
    for (const one of (await loaded)[1].cases) {
      const [outputs, again] = [await outputsOf(one), await outputsOf(one)]
      expect(again).toEqual(outputs)
      outputs.forEach((output, index) => {
        expect(output.length).toBeLessThanOrEqual(MAX_OUTPUT_BYTES)
        const credit = kind.credit(one.params, index, output, one.input)
        expect(Number.isSafeInteger(credit) && credit >= 1).toBe(true)
      })
    }
  })

  test('[F4] bytes no honest device could return earn no credit', async () => {
    for (const one of (await loaded)[1].cases) {
      const output = (await outputsOf(one))[0]!
      const longer = new Uint8Array(output.length + 1)
      longer.set(output)
      for (const wrong of [new Uint8Array(), output.subarray(1), longer]) {
        expect(() => kind.credit(one.params, 0, wrong, one.input)).toThrow(MalformedOutput)
      }
    }
  })

  test.each(Object.keys(kind.formats))('[F5] %s is encoded while outputs come, the same every time', async (name) => {
    const format = kind.formats[name]!
    for (const one of (await loaded)[1].cases) {
      if (format.given?.(one.params) === false) continue
      const outputs = await outputsOf(one)
      const first = await encoded(format.encode(one.params, stream(outputs), tools, one.input))
      const second = await encoded(format.encode(one.params, stream(outputs), tools, one.input))
      expect(Buffer.compare(first, second)).toBe(0)
      const size = format.sizeBytes?.(one.params)
      if (size !== undefined) expect(first.length).toBe(size)
    }
  })

  test('[F6] a picture is covered by its tasks once, and a sample of a task is its full paint thinned out', async () => {
    const { picture } = kind
    if (!picture) return
    for (const one of (await loaded)[1].cases) {
      const { width, height } = picture.size(one.params)
      const outputs = await outputsOf(one)
      const full = new Uint8Array(width * height * 3)
      for (const step of [1, 2, 3, 7, 64, 1000]) {
        const columns = Math.ceil(width / step)
        const seen = new Uint8Array(columns * Math.ceil(height / step))
        outputs.forEach((output, index) => {
          const { region, rgb } = picture.paint(one.params, index, output, step)
          expect(rgb.length).toBe(region.width * region.height * 3)
          if (step === 1) expect(region).toEqual(picture.region(one.params, index))
          for (let i = 0; i < region.width * region.height; i++) {
            const x = region.x + (i % region.width)
            const y = region.y + Math.floor(i / region.width)
            seen[y * columns + x]!++
            const at = (y * step * width + x * step) * 3
            const colour = rgb.subarray(i * 3, i * 3 + 3)
            if (step === 1) full.set(colour, at)
            else if (Buffer.compare(full.subarray(at, at + 3), colour) !== 0) throw new Error(`${x}, ${y} at ${step}`)
          }
        })
        expect(seen.every((times) => times === 1)).toBe(true)
      }
    }
  })
})

function progressWithin() {
  let last = 0
  return (share: number) => {
    expect(share).toBeGreaterThanOrEqual(last)
    expect(share).toBeLessThanOrEqual(1)
    last = share
  }
}

async function* stream(outputs: readonly Uint8Array[]) {
  yield* outputs
}

async function encoded(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part.slice())
  return Buffer.concat(all)
}
