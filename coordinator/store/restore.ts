import { runCommand } from './command.ts'
import { putBack } from './put-back.ts'

// npm run restore -- <backup> [--data-dir FOLDER]: only while the pool is stopped.

await runCommand('npm run restore -- <backup> [--data-dir FOLDER]', async (folder, dataDir) => {
  const aside = await putBack(folder, dataDir)
  const before = aside === null ? '' : ` What was there before is in ${aside}.`
  return `Restored ${dataDir} from ${folder}.${before} Start the pool: npm start.`
})
