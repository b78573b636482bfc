import fc from 'fast-check'

/** Prices in units as a log has them: whole cents, most of them repeats, now and then with all eight decimals. */
export const prices = (minLength: number, maxLength: number) =>
  fc
    .record({
      first: fc.integer({ min: 1, max: 2_000_000 }),
      moves: fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant(0) },
          { weight: 3, arbitrary: fc.integer({ min: -300, max: 300 }) },
          { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 200_000 }) },
        ),
        { minLength: minLength - 1, maxLength: maxLength - 1 },
      ),
      dust: fc.integer({ min: 0, max: 5 }),
    })
    .map(({ first, moves, dust }) => {
      let cents = first
      const units = [cents * 1_000_000]
      for (const [i, move] of moves.entries()) {
        cents = Math.max(1, cents + move)
        units.push(cents * 1_000_000 + (dust === 0 ? (i * 7919) % 1_000_000 : 0))
      }
      return units
    })

/** Anything a series may hold, to its very ends. */
export const wildPrices = (minLength: number, maxLength: number) =>
  fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 9_000_000_000_000_000 })), {
    minLength,
    maxLength,
  })
