import { toString as qrCode } from 'qrcode'
import { joinLink } from './addresses.ts'

/** What a start says. */
export async function banner(parts: {
  name: string
  urls: readonly string[]
  poolKey: string | null
  agentCommand: string | null
  adminKeyFile: string | null
  dataDir: string
}): Promise<string> {
  const { name, urls, poolKey, agentCommand, adminKeyFile, dataDir } = parts
  const join = joinLink(urls[0] ?? '', poolKey)
  const others = urls.slice(1).map((url) => `             ${url}/join`)
  return [
    `${name} is open.`,
    '',
    await qrCode(join, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }),
    `  Join       ${join}`,
    ...others,
    ...(agentCommand === null ? [] : [`  Agent      ${agentCommand}`]),
    `  Admin      ${urls[0]}/admin`,
    `  Admin key  ${adminKeyFile === null ? 'the one you gave' : `in ${adminKeyFile}`}`,
    `  Data       ${dataDir}`,
    '',
    `Ready: ${urls[0]}`,
    '',
  ].join('\n')
}
