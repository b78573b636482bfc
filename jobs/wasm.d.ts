/** Compiled kernels: `./kernel.simd.wasm` and `./kernel.scalar.wasm` of a kind's kernel.as.ts, inlined by scripts/build-kernels.mjs. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>
  export default bytes
}
