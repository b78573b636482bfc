import type { Kernel } from '../../jobs/define.ts'
import { block } from './blocks.ts'

export const kernel: Kernel<unknown, null> = {
  prepare: () => null,
  run: (_, index) => block(index),
}
