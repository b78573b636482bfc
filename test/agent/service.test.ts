import { expect, test } from 'vitest'
import { readCommand } from '../../node-agent/flags.ts'
import { unitText } from '../../node-agent/service.ts'

test('[D27] the service starts the agent with what was chosen, quoted as systemd reads it, the key not among its flags', () => {
  const command = readCommand(
    [
      'install-service',
      'http://pool.local:3000/join#key=s%25same',
      '--name',
      'Ada’s "$1" 50 %',
      '--threads',
      '1',
      '--duty',
      '50',
    ],
    {} as NodeJS.ProcessEnv,
  )
  if (command.type !== 'install-service') throw new Error(command.type)
  const text = unitText('/usr/bin/node', '/home/a b/agent.mjs', command.settings)
  expect(text).toContain(
    'ExecStart="/usr/bin/node" "/home/a b/agent.mjs" "http://pool.local:3000" ' +
      '"--name" "Ada’s \\"$$1\\" 50 %%" "--threads" "1" "--duty" "50"\n',
  )
  expect(text).toContain('Environment="POOL_KEY=s%%same"\nRestart=always')
  const odd = unitText('/usr/bin/node', '/a', { ...command.settings, stateDir: '/a\nExecStart=/bin/rm' })
  expect(odd.match(/^ExecStart=/gm)).toHaveLength(1)
})
