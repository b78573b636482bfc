const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** "$9,111.76". */
export const usd = (value: number): string => dollars.format(value)

/** With its sign: "+$4.20", "−$0.31". */
export const change = (value: number): string => `${value < 0 ? '−' : '+'}${dollars.format(Math.abs(value))}`
