/** ISO 8601 as the README describes it, by another way than the kernel's. */
export function isoNanos(text: string): bigint | null {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(Z|z|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?|GMT|UTC))?)?$/.exec(
      text,
    )
  if (!match) return null
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '', zone = 'Z'] = match
  if (Number(y) < 1678 || Number(y) > 2261) return null
  const ms = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
  const back = new Date(ms)
  if (
    back.getUTCMonth() + 1 !== Number(mo) ||
    back.getUTCDate() !== Number(d) ||
    Number(h) > 23 ||
    Number(mi) > 59 ||
    Number(s) > 59
  )
    return null
  const offset = /([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (offset && (Number(offset[2]) > 23 || Number(offset[3] ?? 0) > 59)) return null
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) : 0
  return BigInt(ms - minutes * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
