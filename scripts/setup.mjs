// From a fresh clone to everything built, nothing twice. Until the packages are installed only Node's own modules may be
// imported here, so the builders are loaded late.

import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf, root } from './files.mjs'
import { CommandFailed, giveUp, run, step } from './run.mjs'

/** @param {{ pages?: boolean }} options `pages: false` leaves the Next build out, for what needs only the coordinator. */
export async function setUp({ pages = true } = {}) {
  process.chdir(root)
  await install()
  const { generatePrisma } = await import('./prisma.mjs')
  const { buildKernels } = await import('./build-kernels.mjs')
  const { buildRuntime } = await import('./build-runtime.mjs')
  const { buildServer } = await import('./build-server.mjs')
  await step('Preparing the database client', generatePrisma)
  await step('Compiling the kernels', buildKernels)
  await step('Building the volunteer runtime and the agent', buildRuntime)
  await step('Building the coordinator', buildServer)
  if (pages) await buildPages()
}

async function install() {
  const stamp = join(root, 'node_modules', '.poolparty-lock')
  const wanted = await digestOf([join(root, 'package-lock.json')])
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return
  try {
    // Install scripts only download engines and browsers that are not needed here.
    await step('Installing packages', () =>
      run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']),
    )
  } catch (error) {
    const output = error instanceof CommandFailed ? error.output : String(error)
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(output))
      giveUp(
        'The packages could not be downloaded: there is no way to the npm registry. Connect this machine once and start again.',
      )
    if (/ENOSPC/.test(output))
      giveUp('The packages could not be installed: the disk is full. Free about 1 GB and start again.')
    if (/EACCES|EROFS|EPERM/.test(output))
      giveUp(`The packages could not be installed: ${root} cannot be written. Make the folder yours and start again.`)
    giveUp(`The packages could not be installed. npm said:\n${output.trim().split('\n').slice(0, 8).join('\n')}`)
  }
  await writeFile(stamp, wanted)
}

/** What the pages are built from; other folders do not change them. */
const pageSources = [
  'app',
  'components',
  'market',
  'jobs',
  'protocol',
  'workers',
  'coordinator/api',
  'public/runtime/manifest.json',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

async function buildPages() {
  const stamp = join(root, '.next', '.poolparty-sources')
  const wanted = await digestOf(await filesIn(pageSources.map((name) => join(root, name))))
  if (existsSync(join(root, '.next', 'BUILD_ID')) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted)
    return
  await step('Building the pages', () =>
    run(process.execPath, [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    }),
  )
  await mkdir(join(root, '.next'), { recursive: true })
  await writeFile(stamp, wanted)
}

/** The files, and those in the folders. @param {string[]} paths */
async function filesIn(paths) {
  const all = paths.filter(existsSync).map(async (path) => {
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
    if (!entries) return [path]
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    return files.sort()
  })
  return (await Promise.all(all)).flat()
}
