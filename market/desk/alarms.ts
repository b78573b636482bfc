export interface Alarms {
  readonly upper: number | null
  readonly lower: number | null
}

export interface AlarmState {
  /** On which side of each alarm the last price was: an alarm rings when it is crossed, once. */
  readonly above: boolean
  readonly below: boolean
}

export interface Ring {
  readonly which: 'upper' | 'lower'
  readonly level: number
  readonly price: number
  readonly at: number
}

export const silent: AlarmState = { above: false, below: false }

/** One price against the alarms. It rings when a price reaches a level, and again only after it came back from there. */
export function listen(
  state: AlarmState,
  { upper, lower }: Alarms,
  at: number,
  price: number,
): { readonly state: AlarmState; readonly rings: readonly Ring[] } {
  const above = upper !== null && price >= upper
  const below = lower !== null && price <= lower
  const rings: Ring[] = []
  if (above && !state.above) rings.push({ which: 'upper', level: upper, price, at })
  if (below && !state.below) rings.push({ which: 'lower', level: lower, price, at })
  return { state: { above, below }, rings }
}
