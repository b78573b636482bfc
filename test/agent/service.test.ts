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

test('[D27] the service starts with every duty it can be installed with; what is below 5 % is refused in words', () => {
  const env = {} as NodeJS.ProcessEnv
  for (let percent = 1; percent <= 100; percent++) {
    const command = readCommand(['install-service', 'http://pool.local:3000', '--duty', String(percent)], env)
    if (percent < 5) {
      expect(command).toMatchObject({ type: 'wrong', because: expect.stringMatching(/--duty .* 5 to 100/) })
      continue
    }
    if (command.type !== 'install-service') throw new Error(command.type)
    const line = /^ExecStart=(.*)$/m.exec(unitText('/usr/bin/node', '/agent.mjs', command.settings))?.[1] ?? ''
    const [, , ...args] = [...line.matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? '')
    expect(readCommand(args, env)).toMatchObject({ type: 'run', settings: { duty: percent / 100 } })
  }
})
