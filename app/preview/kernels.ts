type Manifest = Readonly<Record<string, { readonly file: string }>>

let manifest: Promise<Manifest> | undefined

/** Address of a kind's kernel, as the build published it. */
export async function kernelUrl(kind: string): Promise<string> {
  manifest ??= fetch('/kernels/manifest.json').then((answer) => {
    if (!answer.ok) throw new Error(`The list of kernels could not be fetched (${answer.status}).`)
    return answer.json() as Promise<Manifest>
  })
  manifest.catch(() => {
    manifest = undefined
  })
  const file = (await manifest)[kind]?.file
  if (!file) throw new Error(`There is no kernel for ${kind}.`)
  return `/kernels/${file}`
}
