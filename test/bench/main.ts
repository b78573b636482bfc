import { parseArgs } from 'node:util'
import { benches } from './benches.ts'
import type { BenchLine } from './line.ts'

// `npm run bench [-- name…] [--json]`. Each figure is a ratio against something measured in the same run where there is
// anything to compare with: machines drift, ratios hold.

function print(line: BenchLine, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(line)}\n`)
  const ratio = line.ratio === undefined ? '' : `   ${line.ratio.toFixed(2)}× ${line.reference ?? ''}`
  const trust = line.trust === undefined ? '' : `   trust: ${line.trust}`
  process.stdout.write(
    `${line.bench.padEnd(34)} ${line.value.toLocaleString('en', { maximumSignificantDigits: 4 }).padStart(12)} ${line.unit.padEnd(14)} runs: ${line.runs}${ratio}${trust}\n`,
  )
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    for (const [name, bench] of Object.entries(benches)) process.stdout.write(`${name.padEnd(10)} ${bench.about}\n`)
    return 0
  }
  const unknown = positionals.find((name) => !(name in benches))
  if (unknown !== undefined) {
    process.stderr.write(`There is no benchmark "${unknown}". There are: ${Object.keys(benches).join(', ')}.\n`)
    return 2
  }
  let failed = 0
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    try {
      const bench = await benches[name]!.load()
      for (const line of await bench()) {
        if (!line.bench.startsWith(`${name}: `))
          throw new Error(`"${line.bench}" does not say which benchmark it is of.`)
        print(line, values.json)
      }
    } catch (error) {
      failed++
      process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : error}\n`)
    }
  }
  return failed === 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  },
)
