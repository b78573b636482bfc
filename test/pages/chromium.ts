import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'

const PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The Chromium that is there, else Playwright's own. `hosts` maps names to this machine: "http://pool.test" is a plain LAN origin. */
export async function launch(hosts: readonly string[] = []): Promise<{ browser: Browser }> {
  const executablePath = PLACES.find((path) => path && existsSync(path))
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(hosts.length > 0 ? [`--host-resolver-rules=${hosts.map((name) => `MAP ${name} 127.0.0.1`).join(', ')}`] : []),
    ],
  })
  return { browser }
}
