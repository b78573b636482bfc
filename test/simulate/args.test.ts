import { expect, test } from 'vitest'
import { parse } from './args.ts'

test('shares are read as 20% or 0.2, and defaults are those of the help', () => {
  expect(parse([])).toMatchObject({
    devices: 2000,
    liars: 0.2,
    colluding: 0.1,
    churn: 0.3,
    hours: 1,
    seed: 7,
    json: false,
  })
  expect(parse(['--devices', '50', '--liars', '5%', '--churn', '0.5', '--json'])).toMatchObject({
    devices: 50,
    liars: 0.05,
    churn: 0.5,
    json: true,
  })
  expect(parse(['--help'])).toBeNull()
})

test('a wrong flag is one sentence that says what is right', () => {
  for (const [argv, sentence] of [
    [['--devices', '0'], '--devices must be a whole number from 1 to 100000. You wrote 0.'],
    [['--devices', 'many'], '--devices must be a whole number from 1 to 100000. You wrote many.'],
    [['--liars', '200%'], '--liars must be a share from 0% to 100%. You wrote 200%.'],
    [['--liars', ''], '--liars must be a share from 0% to 100%. You wrote .'],
    [['--hours', '-1'], "Option '--hours' argument is ambiguous."],
    [['--hours', '0'], '--hours must be a number above 0, at most 168. You wrote 0.'],
    [['--liars', '60%', '--colluding', '60%'], '--liars and --colluding together must not be more than 100%.'],
    [['--faults', 'mild'], '--faults must be calm, rough or hostile. You wrote mild.'],
    [['--sed', '1'], "Unknown option '--sed'"],
  ] as const) {
    const said = parse(argv)
    expect(typeof said === 'string' ? said.split('\n')[0] : said).toBe(sentence)
  }
})
