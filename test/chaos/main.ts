import { parseArgs } from 'node:util'
import { runChaos } from './run.ts'

// `npm run chaos [-- --kills 100 --seed 1 --agents 2 --json]`: real kills over real sockets and a real database.

function wholeFlag(name: string, value: string, least: number): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= least) return number
  process.stderr.write(`--${name} must be a whole number of at least ${least}. You wrote ${value}.\n`)
  process.exit(2)
}

function flags() {
  try {
    return parseArgs({
      options: {
        kills: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        agents: { type: 'string', default: '2' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(2)
  }
}

const values = flags()
if (values.help) {
  process.stdout.write('npm run chaos -- [--kills 100] [--seed 1] [--agents 2] [--json]\n')
  process.exit(0)
}
const report = await runChaos({
  kills: wholeFlag('kills', values.kills, 0),
  seed: wholeFlag('seed', values.seed, 0),
  agents: wholeFlag('agents', values.agents, 1),
  say: values.json ? () => {} : (line) => process.stdout.write(`${line}\n`),
})
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else {
  const { lost, unexpected, doubled, wrongBytes, missing } = report.findings
  process.stdout.write(
    `${report.kills} kills of the coordinator over ${report.jobs} jobs of ${report.tasks} tasks; ${report.acknowledged} results acknowledged to the witness.\n` +
      `lost ${lost}, unexpected ${unexpected}, doubled ${doubled}, wrong bytes ${wrongBytes}, missing ${missing}: ${report.clean ? 'clean' : 'BROKEN'}.\n` +
      (report.diskTried ? '' : 'A full disk was not tried: mounting a small one needs root.\n'),
  )
}
process.exit(report.clean ? 0 : 1)
