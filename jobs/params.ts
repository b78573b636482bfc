import * as z from 'zod/mini'

// Fields of params that say what is wrong with them: every message is read by a person beside the field it names.

type Message = (issue: { readonly input?: unknown }) => string

/** "… You wrote 1.5.", or what is missing. @param what a whole sentence: "Width must be a whole number from 1 to 9." */
export function expecting(what: string): Message {
  return ({ input }) =>
    `${what} ${input === undefined ? 'It is missing.' : input === '' ? 'It is empty.' : `You wrote ${shown(input)}.`}`
}

/** A value as it was written, cut to what a sentence carries. */
export function shown(input: unknown): string {
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? String(input))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

export function wholeNumber(name: string, min: number, max: number) {
  const error = expecting(`${name} must be a whole number from ${min} to ${max}.`)
  return z.int({ error }).check(z.gte(min, { error, abort: true }), z.lte(max, { error, abort: true }))
}

export function choice<const Names extends readonly string[]>(name: string, names: Names) {
  return z.enum(names, { error: expecting(`${name} must be one of ${names.join(', ')}.`) })
}

/** Params with these fields and no others. @param what "A fractal": what has them, in messages */
export function paramsOf<Fields extends z.core.$ZodShape>(what: string, fields: Fields) {
  const object = z.object(fields, { error: expecting(`${what} is described by an object.`) })
  return z.catchall(object, unknownField(what)) as unknown as typeof object
}

export interface Complaint {
  readonly path: (string | number)[]
  readonly message: string
}

/** For `check`: what fields that are each fine by themselves get wrong together. */
export function together<Params>(complaints: (params: Params) => readonly Complaint[]): z.core.CheckFn<Params> {
  return ({ value, issues }) => {
    for (const complaint of complaints(value)) issues.push({ code: 'custom', input: value, ...complaint })
  }
}

/** For `z.catchall`: unknown fields are refused at their own path, which `strictObject` would not do. @param what "A fractal" */
export function unknownField(what: string) {
  return z
    .unknown()
    .check(z.refine(() => false, { error: ({ path }) => `${what} has no field "${String(path?.at(-1))}".` }))
    .register(z.globalRegistry, { not: {} })
}
