import { expect, test } from 'vitest'
import { changeOf } from '../../coordinator/store/rows.ts'

test('[L16] attempts that an earlier release kept count on, its devices as far as is known of one person', () => {
  const detail = JSON.stringify({ attempts: 4, devices: ['d', 'e'], message: 'Out of memory.' })
  const alone = ['d', 'e'].map((device) => ({ device, voter: '', network: '', times: 1 }))
  expect(changeOf({ jobId: 'a', seq: 1, what: 'attempt', from: 7, to: 8, deviceId: null, detail })).toEqual({
    ...{ type: 'attemptCounted', job: 'a', task: 7, attempts: 4, message: 'Out of memory.', alone },
  })
})
