import { lockDataDir } from '../../coordinator/store/data-dir.ts'

// A process that holds a data folder until it is killed: node holder.mjs <dataDir>

await lockDataDir(process.argv[2] ?? '')
process.stdout.write('held')
setInterval(() => {}, 60_000)
