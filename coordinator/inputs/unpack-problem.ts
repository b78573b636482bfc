import { FileProblem } from './port.ts'

/** What follows a whole packed part and is neither another one nor zeros. */
export function foreign(format: 'gzip' | 'zstd', at: number): FileProblem {
  return new FileProblem(
    'damaged',
    `The compressed file goes on at byte ${at} with something that is not ${format} data: a part of it may be lost. Pack it again, or cut it off there.`,
  )
}
