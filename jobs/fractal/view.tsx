'use client'
import { useEffect, useState } from 'react'
import { Choice, Line } from '../../components/controls/fields.tsx'
import type { EditorProps, KindView } from '../../components/kind-view.ts'
import { Explore } from '../../components/picture/explore.tsx'
import { PALETTE_NAMES } from './palette.ts'
import { type Formula, type FractalParams, schema } from './params.ts'
import { moved, plain } from './place.ts'

const FORMULAS: readonly (readonly [Formula, string])[] = [
  ['mandelbrot', 'Mandelbrot'],
  ['julia', 'Julia'],
  ['burning-ship', 'Burning Ship'],
  ['multibrot3', 'Cubic Multibrot'],
]
const SIZES = [
  ['1280', '720', 'Small'],
  ['1920', '1080', 'Screen'],
  ['3840', '2160', 'Poster'],
  ['8192', '8192', 'Wall'],
] as const
/** Pixels of the picture one explores: sharp enough to see where one goes, drawn while one looks. */
const EXPLORE_PIXELS = 200_000
/** Beyond this a preview would no longer follow the hand. */
const PREVIEW_ITERATIONS = 20_000

/** The fields as typed. */
type Draft = Readonly<
  Record<'formula' | 'palette' | 'width' | 'height' | 'maxIterations' | 'span' | 're' | 'im' | 'cRe' | 'cIm', string>
>

function draftOf(params: FractalParams): Draft {
  const [cRe, cIm] = params.c ?? ['-0.7', '0.27015']
  return {
    formula: params.formula,
    palette: params.palette ?? PALETTE_NAMES[0],
    width: String(params.width),
    height: String(params.height),
    maxIterations: String(params.maxIterations),
    span: String(params.span),
    re: String(params.center[0]),
    im: String(params.center[1]),
    cRe: String(cRe),
    cIm: String(cIm),
  }
}

/** What was typed as params: numbers where they are some, else the text, for the schema to complain about. */
function paramsOf(draft: Draft): unknown {
  const whole = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text)
  const decimal = (text: string) => plain(text.trim().replace('−', '-'))
  return {
    formula: draft.formula,
    center: [decimal(draft.re), decimal(draft.im)],
    span: decimal(draft.span),
    width: whole(draft.width),
    height: whole(draft.height),
    maxIterations: whole(draft.maxIterations),
    ...(draft.formula === 'julia' ? { c: [decimal(draft.cRe), decimal(draft.cIm)] } : {}),
    palette: draft.palette,
  }
}

function small(params: FractalParams, pixels: number): FractalParams {
  const shrink = Math.min(1, Math.sqrt(pixels / (params.width * params.height)))
  return {
    ...params,
    width: Math.max(1, Math.round(params.width * shrink)),
    height: Math.max(1, Math.round(params.height * shrink)),
    maxIterations: Math.min(PREVIEW_ITERATIONS, params.maxIterations),
  }
}

function Editor({ initial, onChange, problems, Picture }: EditorProps<FractalParams>) {
  const [draft, setDraft] = useState(() => draftOf(initial))
  const [last, setLast] = useState(initial)
  useEffect(() => setDraft(draftOf(initial)), [initial])
  useEffect(() => {
    const params = paramsOf(draft)
    onChange(params)
    const parsed = schema.safeParse(params)
    if (parsed.success) setLast(parsed.data)
  }, [draft, onChange])

  const set = (change: Partial<Draft>) => setDraft((from) => ({ ...from, ...change }))
  const field = (name: keyof Draft, ...paths: readonly string[]) => ({
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
    problem: paths.map((path) => problems.get(path)).find(Boolean),
  })
  const go = (move: Parameters<typeof moved>[1]) => {
    const { center, span } = moved(last, move)
    set({ re: String(center[0]), im: String(center[1]), span: String(span) })
  }

  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,1.5fr)_minmax(19rem,1fr)]">
      <Explore ratio={last.width / last.height} onMove={go}>
        <Picture params={small(last, EXPLORE_PIXELS)} label="Preview, computed in this browser" />
      </Explore>
      <div className="grid content-start gap-4">
        <div className="grid grid-cols-2 gap-3">
          <Choice label="Formula" options={FORMULAS} {...field('formula', 'formula')} />
          <Choice
            label="Colours"
            options={PALETTE_NAMES.map((name) => [name, name] as const)}
            {...field('palette', 'palette')}
          />
        </div>
        {draft.formula === 'julia' ? (
          <div className="grid grid-cols-2 gap-3">
            <Line label="c, real part" {...field('cRe', 'c.0', 'c')} />
            <Line label="c, imaginary part" {...field('cIm', 'c.1')} />
          </div>
        ) : null}
        <div className="grid grid-cols-2 gap-3">
          <Line label="Width, pixels" numeric {...field('width', 'width')} />
          <Line label="Height, pixels" numeric {...field('height', 'height')} />
        </div>
        <div className="flex flex-wrap gap-2">
          {SIZES.map(([width, height, name]) => (
            <button key={name} type="button" className="do small-do" onClick={() => set({ width, height })}>
              {name}
            </button>
          ))}
        </div>
        <Line label="Iterations at most" numeric {...field('maxIterations', 'maxIterations')} />
        <details>
          <summary className="py-1 text-small font-semibold">Where it is, in numbers</summary>
          <div className="mt-2 grid gap-3">
            <Line label="Centre, real part" {...field('re', 'center.0', 'center')} />
            <Line label="Centre, imaginary part" {...field('im', 'center.1')} />
            <Line label="Span, its width in the plane" {...field('span', 'span')} />
          </div>
        </details>
      </div>
    </div>
  )
}

export const view: KindView<FractalParams> = { Editor, small }
