/** "3.2 %", with as many digits as small shares need. */
export function percent(share: number): string {
  const value = Number((share * 100).toPrecision(3))
  return `${String(value).replace('-', '−')} %`
}

/** With its interval: "33.8 % (33.2 % to 34.5 %)". */
export function interval(share: {
  readonly share: number | null
  readonly low: number | null
  readonly high: number | null
}) {
  return share.share === null
    ? 'unknown'
    : `${rounded(share.share)} (${rounded(share.low ?? 0)} to ${rounded(share.high ?? 1)})`
}

const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

/** What is not quite nothing, or not quite all, is not said to be. */
function rounded(share: number): string {
  if (share > 0 && share < 0.0005) return 'under 0.1 %'
  if (share < 1 && share > 0.9995) return 'over 99.9 %'
  return SHARE.format(share).replace('%', ' %')
}

export function dollars(value: number | null): string {
  if (value === null) return 'unknown'
  const words = Math.abs(value).toLocaleString('en-US', { style: 'currency', currency: 'USD' })
  return value <= -0.005 ? `−${words}` : words
}

/** Where no cents are needed, there are none. */
export function axisDollars(value: number): string {
  return value.toLocaleString('en-US', {
    ...{ style: 'currency', currency: 'USD' },
    maximumFractionDigits: value >= 100 && Number.isInteger(value) ? 0 : 2,
  })
}
