/** A mark along an axis, 0 … 1. `minor` ones go where there is little room. */
export interface Mark {
  readonly at: number
  readonly words: string
  readonly minor?: boolean
}

/** Round values from `low` to `high`, some five of them. */
export function roundMarks(low: number, high: number, words: (value: number) => string): readonly Mark[] {
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  const first = Math.ceil(low / step)
  const marks = Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step)
  return marks.map((value) => ({ at: (value - low) / (high - low), words: words(value) }))
}

/** One for each of these, in the middle of its share; every second one is minor where there are many. */
export function bandMarks(names: readonly string[]): readonly Mark[] {
  const every = Math.ceil(names.length / 12)
  return names.flatMap((words, i) =>
    i % every === 0 ? [{ at: (i + 0.5) / names.length, words, minor: (i / every) % 2 === 1 && names.length > 6 }] : [],
  )
}

/** Times, evenly, as the viewer's zone has them; a day is named where it begins. */
export function timeMarks(from: number, to: number): readonly Mark[] {
  let day = ''
  return [0, 1, 2, 3, 4].map((part) => {
    const at = new Date(from + ((to - from) * part) / 4)
    const today = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    const words = today === day ? clock : `${today}, ${clock}`
    day = today
    return { at: part / 4, words, minor: part % 2 === 1 }
  })
}
