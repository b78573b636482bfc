import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { visitor } from '../visitor.ts'
import { Lend } from './lend.tsx'

export const metadata: Metadata = {
  title: 'Lend this device',
  description: 'Open the link, press Start, and this device computes tasks of what the room is working on.',
}

export default async function Join() {
  const { enters } = await visitor()
  const [now, runtime] = await Promise.all([api().now(), runtimeUrl()])
  return (
    <>
      {/* Who has not shown the key learns the pool's name and nothing else. */}
      <Lend
        initial={enters ? now : { ...now, showing: null, devices: 0, volunteers: 0, threads: 0, trouble: null }}
        runtime={runtime}
      />
      {/* The volunteer's runtime: after the markup it works on, and not waiting for React. */}
      <script src={runtime} />
    </>
  )
}

/** Address of the volunteer's runtime as it stands in this build; read, not bundled, because it is built apart from the pages. */
async function runtimeUrl(): Promise<string> {
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'public', 'runtime', 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly page: string }
  return manifest.page
}
