/** "+3.2 %", with as many digits as small shares need. */
export function percent(share: number): string {
  const value = Number((share * 100).toPrecision(3))
  return `${String(value).replace('-', '−')} %`
}

export function dollars(value: number | null): string {
  return value === null ? 'unknown' : value.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
}
