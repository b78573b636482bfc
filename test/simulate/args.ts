import { parseArgs } from 'node:util'
import { CALM, type Faults, HOSTILE, ROUGH } from './options.ts'

export interface Args {
  readonly devices: number
  readonly liars: number
  readonly colluding: number
  readonly churn: number
  readonly hours: number
  readonly seed: number
  readonly faults: Faults
  readonly check: number
  readonly host: boolean
  readonly json: boolean
}

export const HELP = `npm run simulate -- [flags]

Runs the pool's real scheduler in virtual time over an endless mix of jobs and devices, and prints what came of it.
The same flags give the same world, to the last event.

  --devices N       devices at any time, 1 to 100000                          (2000)
  --liars P         share that lies, each on its own: 20% or 0.2              (20%)
  --colluding P     share that tells the same lie                             (10%)
  --churn P         share of the devices that leaves per hour                 (30%)
  --hours H         virtual hours, up to 168                                  (1)
  --seed S          whole number; another world                               (7)
  --faults WORD     calm, rough or hostile: frozen tabs, half-open links, lost and doubled messages, a coordinator
                    that is killed, a clock that is set                       (rough)
  --check N         check every invariant after every N events; 1 is slow     (0: never)
  --no-host         the host does not compute
  --json            print one JSON object
  --help            this text
`

const FAULTS: Readonly<Record<string, Faults>> = { calm: CALM, rough: ROUGH, hostile: HOSTILE }

/** Flags as they were typed, or a sentence saying what is wrong with them, or null for help. */
export function parse(argv: readonly string[]): Args | string | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      options: {
        devices: { type: 'string', default: '2000' },
        liars: { type: 'string', default: '20%' },
        colluding: { type: 'string', default: '10%' },
        churn: { type: 'string', default: '30%' },
        hours: { type: 'string', default: '1' },
        seed: { type: 'string', default: '7' },
        faults: { type: 'string', default: 'rough' },
        check: { type: 'string', default: '0' },
        'no-host': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return null
    const faults = FAULTS[values.faults]
    if (!faults) throw new Wrong(`--faults must be calm, rough or hostile. You wrote ${values.faults}.`)
    const args = {
      devices: whole('--devices', values.devices, 1, 100_000),
      liars: share('--liars', values.liars, 1),
      colluding: share('--colluding', values.colluding, 1),
      churn: share('--churn', values.churn, 100),
      hours: number('--hours', values.hours, 168),
      seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
      check: whole('--check', values.check, 0, 1_000_000),
      faults,
      host: !values['no-host'],
      json: values.json,
    }
    if (args.liars + args.colluding > 1) throw new Wrong('--liars and --colluding together must not be more than 100%.')
    return args
  } catch (error) {
    return error instanceof Error ? (error.message.split('. To specify')[0] ?? error.message) : String(error)
  }
}

class Wrong extends Error {}

function whole(flag: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value
  throw new Wrong(`${flag} must be a whole number from ${low} to ${high}. You wrote ${text}.`)
}

function number(flag: string, text: string, high: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value <= high) return value
  throw new Wrong(`${flag} must be a number above 0, at most ${high}. You wrote ${text}.`)
}

/** `20%` or `0.2`. */
function share(flag: string, text: string, high: number): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (text.replace('%', '').trim() !== '' && value >= 0 && value <= high) return value
  throw new Wrong(`${flag} must be a share from 0% to ${100 * high}%. You wrote ${text}.`)
}
