import { btc } from './btc/index.ts'
import { csv } from './csv/index.ts'
import type { AnyKind } from './define.ts'
import { fractal } from './fractal/index.ts'
import { monteCarloPi } from './monte-carlo-pi/index.ts'

/** Every kind this pool can compute: the production list. Tests and benchmarks pass others. */
export const kinds: readonly AnyKind[] = [fractal, csv, btc, monteCarloPi]
