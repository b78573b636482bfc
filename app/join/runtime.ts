import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Address of the volunteer's runtime as it stands in this build; read, not bundled, because it is built apart from the pages. */
export async function runtimeUrl(): Promise<string> {
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'public', 'runtime', 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly page: string }
  return manifest.page
}
