import { HELP, parse } from './args.ts'
import { print, report } from './report.ts'
import { runWorld } from './world.ts'

const args = parse(process.argv.slice(2))
if (args === null) process.stdout.write(HELP)
else if (typeof args === 'string') {
  process.stderr.write(`${args}\nSee npm run simulate -- --help\n`)
  process.exitCode = 2
} else {
  const started = performance.now()
  const score = runWorld({
    ...args,
    // Enough work for everybody, of all sizes, of tasks of around a second: virtual hours should not take real ones.
    sizes: {
      fewest: 20,
      most: 40_000,
      cheapestMs: 300,
      dearestMs: 5000,
      poisoned: 0.02,
      hostOnly: args.host ? 0.01 : 0,
    },
    jobsAtOnce: 6 + Math.ceil(args.devices / 200),
    sendEveryMs: 3000,
    invariantsEvery: args.check,
  })
  const result = report(args, score, performance.now() - started)
  process.stdout.write(args.json ? `${JSON.stringify(result)}\n` : print(result))
  if (result.stuck > 0 || result.credit.imbalance !== 0) process.exitCode = 1
}
