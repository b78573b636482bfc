const ANSWER_MS = 5000

/** Why a pool cannot be reached, in words; undefined where something speaks Socket.IO there. */
export async function whyNoPool(origin: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${origin}/socket.io/?EIO=4&transport=polling`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    // Socket.IO answers a transport it does not offer with { code, message }.
    const body: unknown = await response.json().catch(() => undefined)
    if (typeof body === 'object' && body !== null && 'code' in body) return undefined
    return `${origin} answers, but it is not a PoolParty pool. Is the address right?`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = (cause as NodeJS.ErrnoException | undefined)?.code
    switch (code) {
      case 'ECONNREFUSED':
        return `Nothing listens at ${origin}.`
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `There is no machine called ${new URL(origin).hostname} that this one can find.`
      default:
        return `${origin} does not answer${code ? ` (${code})` : ''}.`
    }
  }
}
