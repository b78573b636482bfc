import { existsSync } from 'node:fs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const places = () => [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Finds a Chromium for the end-to-end tests, or gets one: Playwright's own, else Debian's package when we may install it.
 * @returns {Promise<string>} path of the executable
 */
export async function findBrowser() {
  const found = places().find((path) => path !== '' && existsSync(path))
  if (found) return found
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await step('Installing Chromium', async () => {
      await run('apt-get', ['update', '-q'])
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      })
    })
    return '/usr/bin/chromium'
  }
  await step('Downloading Chromium', () =>
    run(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium']),
  )
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  throw new Error('No Chromium was found for the end-to-end tests. Install one and name it in CHROMIUM_PATH.')
}
