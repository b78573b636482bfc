import type { ServerResponse } from 'node:http'

/** What every answer carries. */
export function secure(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('x-frame-options', 'DENY')
}

/** Answers of the API run nothing, whatever they hold. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

/**
 * Pages load everything from this pool and talk to it alone. Next puts the nonce on its own inline scripts; kernels need
 * WebAssembly; React writes style attributes.
 */
export function pagePolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
