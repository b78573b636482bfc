import type { DeviceId, VolunteerId } from '../../protocol/ids.ts'
import { between, waitFor } from './chance.ts'
import { type SimDevice, simDevice } from './device.ts'
import type { WorldOptions } from './options.ts'
import { type Profile, profile } from './population.ts'
import type { World } from './surroundings.ts'

/** Everybody with a device: who comes, who goes, whose tab freezes. */
export interface Society {
  readonly devices: Map<DeviceId, SimDevice>
  readonly gone: Set<DeviceId>
  recruit(): void
  host(): void
  /** A device nobody need worry about. */
  reliable(): void
  /** Does something again and again, every so often on average, until the world is ending. */
  repeat(everyMs: number, act: () => void): void
}

const HOST: Profile = { type: 'laptop', threads: 2, speed: 1, latencyMs: 1, character: 'honest' }
const RELIABLE: Profile = { type: 'workstation', threads: 8, speed: 2, latencyMs: 5, character: 'honest' }

export function society(world: World, options: WorldOptions): Society {
  const { chance, agenda } = world
  const devices = new Map<DeviceId, SimDevice>()
  const gone = new Set<DeviceId>()
  let number = 0

  const admit = (volunteer: string, network: string, what: Profile, host: boolean, inMs: number) => {
    const device = simDevice(world, number, volunteer as VolunteerId, network, what, host)
    devices.set(device.id, device)
    agenda.plan(inMs, () => device.join())
    return device
  }

  const live = (device: SimDevice) => {
    const { faults, churn } = options
    if (churn > 0) {
      agenda.plan(waitFor(chance, 3_600_000 / churn), () => {
        device.leave(chance() < 0.5)
        const away = between(chance, 60_000, 1_200_000)
        if (chance() < 0.5) {
          agenda.plan(away, () => device.join())
          return
        }
        gone.add(device.id)
        devices.delete(device.id)
        if (!world.isEnding()) agenda.plan(away / 4, self.recruit)
      })
    }
    self.repeat(faults.freezeEveryMs, () => device.freeze(between(chance, 2000, 300_000)))
    self.repeat(faults.halfOpenEveryMs, () => device.halfOpen(between(chance, 5000, 60_000)))
  }

  const self: Society = {
    devices,
    gone,
    recruit() {
      number++
      // Some volunteers bring several devices, some networks many volunteers.
      const volunteer = `volunteer-${chance() < 0.2 ? Math.floor(number / 2) : number}`
      const network = `network-${Math.floor(chance() * (options.devices / 4 + 1))}`
      live(admit(volunteer, network, profile(chance, options), false, between(chance, 0, 10_000)))
    },
    host() {
      number++
      admit('volunteer-host', 'network-host', HOST, true, 0)
    },
    reliable() {
      number++
      admit(`volunteer-late-${number}`, `network-late-${number}`, RELIABLE, false, 0)
    },
    repeat(everyMs, act) {
      if (everyMs <= 0) return
      const again = () => {
        agenda.plan(waitFor(chance, everyMs), () => {
          if (world.isEnding()) return
          act()
          again()
        })
      }
      again()
    },
  }
  return self
}
