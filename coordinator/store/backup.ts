import { runCommand } from './command.ts'
import { saveCopy } from './save-copy.ts'

// npm run backup -- <folder> [--data-dir FOLDER]: also while the pool runs.

await runCommand('npm run backup -- <new folder> [--data-dir FOLDER]', async (folder, dataDir) => {
  const { bytes } = await saveCopy(dataDir, folder)
  return `Saved ${(bytes / 1e6).toFixed(1)} MB to ${folder}. The pool's keys are in it: keep it as you keep keys.`
})
