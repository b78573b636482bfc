import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { lockDataDir } from '../../coordinator/store/data-dir.ts'
import { bundle } from './bundle.ts'
import { scratchFolder } from './scratch.ts'

test('[S41] one process has a data folder; kill -9 gives it free at once, release as well', async () => {
  const dataDir = await scratchFolder()
  const script = await bundle('test/store/holder.ts')
  const holder = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  await expect(lockDataDir(dataDir)).rejects.toMatchObject({
    sentence: expect.stringMatching(new RegExp(`in use by another pool \\(process ${holder.pid}\\)\\..*POOL_DATA_DIR`)),
  })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = await lockDataDir(dataDir)
  await expect(lockDataDir(dataDir)).rejects.toThrow(/in use/)
  await lock.release()
  await (await lockDataDir(dataDir)).release()
})
