import type { AnyKindView } from '../components/kind-view.ts'
import { view as btc } from '../jobs/btc/view.tsx'
import { view as csv } from '../jobs/csv/view.tsx'
import { view as fractal } from '../jobs/fractal/view.tsx'

/** How kinds look on the submit page, by id: one line per kind, beside the one in jobs/index.ts. */
export const views: Readonly<Record<string, AnyKindView>> = { fractal, csv, btc }
