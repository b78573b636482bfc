/** Bytes of a kind's two builds; no bit of an output depends on which one runs. */
interface Builds {
  readonly simd: BufferSource
  readonly scalar: BufferSource
}

/**
 * Makes instances of a kind's wasm, each build compiled once per thread. Engines without SIMD get the scalar build.
 * @returns exports of a fresh instance; `simd` chooses the build in tests
 */
export function createWasm<Exports>(builds: Builds) {
  const modules = new Map<boolean, WebAssembly.Module>()
  return (simd = WebAssembly.validate(builds.simd), imports?: Record<string, Record<string, unknown>>): Exports => {
    const module = modules.get(simd) ?? new WebAssembly.Module(simd ? builds.simd : builds.scalar)
    modules.set(simd, module)
    return new WebAssembly.Instance(module, imports as never).exports as unknown as Exports
  }
}
