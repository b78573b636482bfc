import { accessSync, constants, createReadStream, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod/mini'
import type { Application } from '../../coordinator/application.ts'
import { importSeries } from './import.ts'
import { openDesk } from './levels.ts'
import { deskRoutes, seriesRoutes } from './routes.ts'
import { openSeriesStore } from './series-thread.ts'
import { inWords, SETTINGS, sourceOf } from './source.ts'
import { openTicker } from './ticker.ts'

const SPEED = 'The replay speed must be a number from 0.1 to 1000000.'

/** Prices, series of them, and the desk. */
export const market: Application = {
  name: 'market',
  settings: {
    prices: {
      env: 'POOL_PRICES',
      flag: '--prices',
      value: 'SOURCE',
      about: `${inWords(SETTINGS)}; replay`,
      schema: z.enum(SETTINGS, `Prices must come from ${inWords(SETTINGS)}.`),
    },
    replay: {
      env: 'POOL_REPLAY',
      flag: '--replay',
      value: 'FILE',
      about: 'recorded prices, the synthetic sample',
      schema: z.string().check(z.refine(isReadableFile, 'The replay must be a file that can be read.')),
    },
    replaySpeed: {
      env: 'POOL_REPLAY_SPEED',
      flag: '--replay-speed',
      value: 'NUMBER',
      about: 'recorded seconds a second, 15',
      schema: z
        .string()
        .check(
          z.refine(
            (text) => /^\d{1,7}(\.\d{1,3})?$/.test(text) && Number(text) >= 0.1 && Number(text) <= 1_000_000,
            SPEED,
          ),
        ),
    },
  },

  refuse: async ({ replay }) => (replay === undefined ? null : whyUnplayable(resolve(replay))),

  async open({ dataDir, settings, log }) {
    const series = await openSeriesStore(join(dataDir, 'series'))
    const source = sourceOf(
      {
        source: SETTINGS.find((one) => one === settings['prices']) ?? 'replay',
        replay: settings['replay'] === undefined ? null : resolve(settings['replay']),
        speed: Number(settings['replaySpeed'] ?? 15),
      },
      series.recording,
    )
    return {
      inputs: series,
      async mount(host) {
        const ticker = source && (await openTicker({ source, dataDir, log }))
        const desk = ticker && openDesk(ticker, { ...host, series, log })
        return {
          routes: [...seriesRoutes(series, host.usedBy), ...deskRoutes(desk)],
          pages: desk,
          start: async () => desk?.start(),
          close: async () => desk?.close(),
        }
      },
      close: () => series.close(),
    }
  },
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** As much of a recorded log as shows whether it is one. */
const HEAD_BYTES = 1 << 20

/** Why a recording could never give a price, told at the start and not when somebody looks at the desk; null where it could. */
async function whyUnplayable(path: string): Promise<string | null> {
  const read = await importSeries(createReadStream(path, { end: HEAD_BYTES - 1 }) as AsyncIterable<Uint8Array>)
  return read.type === 'refused' ? `${path} cannot be replayed. ${read.sentence}` : null
}
