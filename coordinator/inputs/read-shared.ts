import type { InputUse } from '../../jobs/define.ts'
import { readRange } from './read-range.ts'

/** What every task of a job reads of the text stored at this place. @param index what the kind made of the text, if it has one */
export async function readShared<Params, Input>(
  use: InputUse<Params, Input>,
  params: Params,
  text: string,
  index: Input,
): Promise<Uint8Array> {
  if (use.index) return readRange(text, ...(use.part?.(params, index) ?? []))
  const whole = await readRange(text)
  return whole.subarray(...(use.part?.(params, whole as Input) ?? []))
}
