import type { DeviceRecord, Store, VolunteerRecord } from '../store/port.ts'

/** Newcomers in one write. */
const AT_ONCE = 500

interface Arrival {
  readonly volunteer: VolunteerRecord | null
  readonly device: DeviceRecord | null
  resolve(): void
  reject(error: unknown): void
}

/** Saves newcomers; whoever comes while some are being saved is saved with the next. */
export function createArrivals(store: Pick<Store, 'saveNewcomers'>) {
  const waiting: Arrival[] = []
  let saving = false

  async function save() {
    saving = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, AT_ONCE)
      try {
        await store.saveNewcomers({
          volunteers: batch.flatMap(({ volunteer }) => volunteer ?? []),
          devices: batch.flatMap(({ device }) => device ?? []),
        })
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    saving = false
  }

  return {
    /** Durable when it resolves. */
    save(volunteer: VolunteerRecord | null, device: DeviceRecord | null): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ volunteer, device, resolve, reject })
        if (!saving) void save()
      })
    },
  }
}
