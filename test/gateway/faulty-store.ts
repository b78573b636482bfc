import { type Batch, type Store, StoreError } from '../../coordinator/store/port.ts'

/** A store whose commits can be made to fail or to wait, as a full disk and a slow card make them. */
export function faultyStore(store: Store) {
  let full = false
  let held = false
  let gate: Promise<void> | null = null
  let open: () => void = () => {}
  const batches: Batch[] = []
  return {
    store: {
      ...store,
      async commit(batch: Batch) {
        if (gate) {
          held = true
          await gate
        }
        if (full)
          throw new StoreError('The disk is full. Free some space; nothing accepted is lost.', new Error('ENOSPC'))
        batches.push(batch)
        await store.commit(batch)
      },
    } satisfies Store,
    batches,
    fill: () => {
      full = true
    },
    free: () => {
      full = false
    },
    hold() {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    /** A commit waits for its answer. */
    held: () => held,
    letGo() {
      gate = null
      held = false
      open()
    },
  }
}
