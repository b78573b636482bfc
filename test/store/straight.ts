import type { Change } from '../../coordinator/pool/effects.ts'
import type { Batch } from '../../coordinator/store/port.ts'

/** The rules for one task, written straight down: a list of results and who decides. */
interface Task {
  readonly results: { readonly device: string; readonly text: string | null; revoked: boolean }[]
  decider: Task['results'][number] | null
}

/** What each task's accepted output is, task by task, by the rules of replay and nothing clever. */
export function createStraightModel(tasks: number) {
  const state: Task[] = Array.from({ length: tasks }, () => ({ results: [], decider: null }))

  function apply(change: Change, outputs: Batch['outputs']) {
    if (!('from' in change) || change.type === 'resultRefused') return
    for (let number = change.from; number < change.to; number++) {
      const task = state[number]!
      if (change.type === 'resultKept') {
        const message = outputs.get(change.ref)
        const bytes = message?.outputs[number - message.from]
        // An agreeing result equals the deciding one; a noted one has no bytes.
        const own = change.state === 'noted' ? null : new TextDecoder().decode(bytes)
        const text = change.state === 'agreed' ? (task.decider?.text ?? null) : own
        const result = { device: change.device, text, revoked: false }
        task.results.push(result)
        if (change.state === 'accepted') task.decider = result
      } else if (change.type === 'tasksDecided') {
        const last = task.results.findLast((result) => result.device === change.device && !result.revoked)
        if (last !== undefined) task.decider = last
      } else if (change.type === 'resultsRevoked') {
        for (const result of task.results) if (result.device === change.device) result.revoked = true
        if (task.decider?.revoked) task.decider = null
      }
    }
  }

  return {
    commit: (batch: Batch) => {
      for (const change of batch.changes) if ('job' in change) apply(change, batch.outputs)
    },
    /** Per task: its accepted output, or null. */
    texts: () => state.map(({ decider }) => decider?.text ?? null),
    devices: () => state.map(({ decider }) => decider?.device ?? null),
  }
}
