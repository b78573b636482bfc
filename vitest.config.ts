import { defineConfig } from 'vitest/config'
import { plantingPlugin } from './test/pool/planting.ts'

export default defineConfig({
  test: {
    // Two kinds of tests: pure ones share the cores; those that start servers, browsers or databases take turns.
    projects: [
      {
        plugins: [plantingPlugin],
        test: {
          name: 'unit',
          include: ['test/{pool,simulate,jobs,workers,files,prices}/**/*.test.ts', 'test/*.test.ts'],
          // A fact is waited for however loaded the machine is; one second is no law.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{store,gateway,agent,pages,e2e,chaos}/**/*.test.ts'],
          fileParallelism: false,
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
