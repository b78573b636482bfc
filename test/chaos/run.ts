import { checkHistory, clean, type Findings } from './history.ts'
import { openWorld, pause, type World } from './world.ts'

export interface ChaosOptions {
  readonly seed: number
  /** SIGKILLs of the coordinator; the other troubles come between them. */
  readonly kills: number
  readonly agents: number
  say(line: string): void
}

export interface ChaosReport {
  readonly kills: number
  readonly troubles: Readonly<Record<string, number>>
  readonly jobs: number
  readonly tasks: number
  readonly acknowledged: number
  readonly findings: Findings
  readonly clean: boolean
  /** False where a small disk could not be mounted: full disks were not tried. */
  readonly diskTried: boolean
}

/** Large enough for databases, small enough to fill in a moment. */
const DISK_BYTES = 64 * 1024 * 1024
const TASKS = 4000
const TASK_MS = 1

/** Troubles between two kills, and how often each comes. */
const troubles: readonly { name: string; weight: number; run(world: World): Promise<unknown> | unknown }[] = [
  { name: 'agent killed', weight: 3, run: (world) => world.killAgent() },
  { name: 'agent frozen', weight: 2, run: (world) => world.freezeAgent(world.between(200, 1500)) },
  { name: 'sockets cut', weight: 3, run: (world) => world.cutSockets() },
  { name: 'coordinator frozen', weight: 1, run: (world) => world.freezeCoordinator(world.between(200, 1500)) },
  {
    name: 'disk full',
    weight: 1,
    run: (world) => (world.mounted ? world.fillDisk(world.between(300, 1000)) : undefined),
  },
]

const totalWeight = troubles.reduce((sum, { weight }) => sum + weight, 0)

function drawn(chance: number) {
  let left = chance * totalWeight
  for (const trouble of troubles) {
    left -= trouble.weight
    if (left < 0) return trouble
  }
  return troubles[0]!
}

/** Jobs one after the other under kills and troubles; then everything is compared with what was acknowledged. */
export async function runChaos({ seed, kills, agents, say }: ChaosOptions): Promise<ChaosReport> {
  const world = await openWorld({ seed, agents, diskBytes: DISK_BYTES, say })
  const counts: Record<string, number> = {}
  const jobs: string[] = []
  try {
    jobs.push(await world.submit(TASKS, TASK_MS))
    for (let kill = 1; kill <= kills; kill++) {
      await pause(world.between(50, 700))
      if (world.chance() < 0.5) {
        const trouble = drawn(world.chance())
        say(`  ${trouble.name}`)
        counts[trouble.name] = (counts[trouble.name] ?? 0) + 1
        await trouble.run(world)
      }
      await world.killCoordinator()
      const { status, tasksDone, taskCount } = await world.job(jobs.at(-1)!)
      say(`kill ${kill}: ${tasksDone} of ${taskCount} tasks`)
      if (status === 'done') jobs.push(await world.submit(TASKS, TASK_MS))
    }
    const findings = { lost: 0, unexpected: 0, doubled: 0, wrongBytes: 0, missing: 0 }
    for (const id of jobs) {
      while ((await world.job(id)).status !== 'done') await pause(50)
      const found = await checkHistory(world.pool(), id, world.witness)
      for (const key of Object.keys(findings) as (keyof Findings)[]) findings[key] += found[key]
    }
    const acknowledged = [...world.witness.acknowledged.values()].reduce((sum, tasks) => sum + tasks.size, 0)
    return {
      ...{ kills, troubles: counts, jobs: jobs.length, tasks: jobs.length * TASKS, acknowledged, findings },
      clean: clean(findings),
      diskTried: world.mounted,
    }
  } finally {
    await world.close()
  }
}
