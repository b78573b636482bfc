import type { Explanation } from '../../protocol/api.ts'
import type { DeviceId, JobId } from '../../protocol/ids.ts'
import { isoOf } from './clock.ts'
import type { PoolState } from './state.ts'
import { entriesOf } from './story.ts'

export function explain(
  state: PoolState,
  subject: { readonly job: JobId; readonly task?: number } | { readonly device: DeviceId },
): Explanation | undefined {
  const told =
    'device' in subject
      ? state.devices.get(subject.device)
      : (state.jobs.get(subject.job) ?? state.finished.get(subject.job))
  if (!told) return undefined
  return { because: [], events: entriesOf(told.story).map(({ at, what }) => ({ at: isoOf(at), what })) }
}
