import type { CsvParams } from './params.ts'

/** Stands for whichever file the one who asks will name. */
export const ANY_FILE = 'your-file'

export const gallery: readonly { readonly name: string; readonly params: CsvParams }[] = [
  { name: 'Every statistic of every column', params: { file: ANY_FILE, statistics: 'all' } },
  { name: 'Lowest and highest values', params: { file: ANY_FILE, statistics: 'extremes' } },
]
