import type { Effect } from '../../coordinator/pool/effects.ts'
import type { LeaseClaims } from '../../coordinator/pool/job.ts'
import type { DeviceId, LeaseId, VolunteerId } from '../../protocol/ids.ts'
import { between, waitFor } from './chance.ts'
import type { Unstamped } from './coordinator.ts'
import type { Profile } from './population.ts'
import { says } from './says.ts'
import type { World } from './surroundings.ts'
import { priceOf } from './truth.ts'
import type { SimJob } from './workload.ts'

/** A simulated device: the session, its threads and its network, with all that goes wrong with them. */
export interface SimDevice {
  readonly id: DeviceId
  readonly number: number
  readonly profile: Profile
  readonly online: () => boolean
  join(): void
  leave(goodbye: boolean): void
  /** The coordinator died or the link broke without the device's doing: it comes back by itself. */
  cutOff(): void
  freeze(ms: number): void
  /** Messages vanish both ways until the link is found dead. */
  halfOpen(ms: number): void
  receive(effect: Effect): void
}

interface Held {
  readonly claims: LeaseClaims
  readonly job: SimJob
  next: number
  running: boolean
  dropped: boolean
}

type Returned = Extract<Unstamped, { type: 'resultReturned' }>

const PROGRESS_EVERY_MS = 5000
const RESEND_AFTER_MS = 10_000
/** The coordinator finds a dead link after this. */
const PING_TIMEOUT_MS = 25_000

export function simDevice(
  world: World,
  number: number,
  volunteer: VolunteerId,
  network: string,
  profile: Profile,
  host: boolean,
): SimDevice {
  const { chance, faults } = world
  const id = `device-${number}` as DeviceId
  const held = new Map<LeaseId, Held>()
  const unacknowledged = new Map<number, Returned>()
  let online = false
  let frozenUntil = 0
  let deafUntil = 0
  let lastArrival = 0
  let settled = 0
  let epoch = 0

  /** Runs when the device is awake; what happens while it sleeps happens when it wakes. */
  const later = (ms: number, act: () => void) => {
    const attempt = () => {
      const asleep = frozenUntil - world.agenda.now
      if (asleep > 0) world.agenda.plan(asleep, attempt)
      else act()
    }
    world.agenda.plan(ms, attempt)
  }

  /** Messages of one connection arrive in order, or not at all. */
  const send = (event: Unstamped) => {
    if (!online || world.agenda.now < deafUntil) return
    const sentIn = epoch
    const arrival = Math.max(lastArrival, world.agenda.now + profile.latencyMs)
    lastArrival = arrival
    world.agenda.plan(arrival - world.agenda.now, () => {
      if (sentIn === epoch && online) world.hear(event)
    })
  }

  const ask = () => send({ type: 'workAsked', device: id, leases: Math.max(0, profile.threads + 1 - held.size) })

  const work = () => {
    let running = 0
    for (const lease of held.values()) if (lease.running) running++
    for (const lease of held.values()) {
      if (running >= profile.threads) return
      if (lease.running) continue
      lease.running = true
      running++
      compute(lease)
    }
  }

  const compute = (lease: Held) => {
    if (lease.dropped) return
    const from = lease.next
    let to = from
    let ms = 0
    while (to < lease.claims.to && ms < world.sendEveryMs) ms += lease.job.costMs(to++) / profile.speed
    const poison = lease.job.poison
    if (poison >= from && poison < to) {
      later(between(chance, 10, 500), () => fail(lease, poison))
      return
    }
    if (ms > PROGRESS_EVERY_MS) reportProgress(lease, from, ms)
    later(ms, () => finish(lease, from, to, ms))
  }

  const reportProgress = (lease: Held, task: number, ms: number) => {
    for (let at = PROGRESS_EVERY_MS; at < ms; at += PROGRESS_EVERY_MS) {
      later(at, () => {
        if (!lease.dropped && lease.next === task)
          send({ type: 'progressed', device: id, claims: lease.claims, task, share: at / ms })
      })
    }
  }

  const fail = (lease: Held, task: number) => {
    if (lease.dropped) return
    if (task > lease.next) sendResult(lease, lease.next, task, 1)
    drop(lease)
    if (chance() < 0.7)
      send({ type: 'taskErrored', device: id, claims: lease.claims, task, message: 'RangeError: out of memory' })
    else self.cutOff()
    ask()
    work()
  }

  const finish = (lease: Held, from: number, to: number, ms: number) => {
    if (lease.dropped) return
    lease.next = to
    sendResult(lease, from, to, ms)
    if (to < lease.claims.to) {
      compute(lease)
      return
    }
    drop(lease)
    ask()
    work()
  }

  const drop = (lease: Held) => {
    lease.dropped = true
    held.delete(lease.claims.lease)
  }

  const sendResult = (lease: Held, from: number, to: number, ms: number) => {
    const count = to - from
    const prices = new Uint32Array(count)
    const digests = new Uint32Array(2 * count)
    for (let i = 0; i < count; i++) {
      const digest = says(chance, profile.character, number, settled, lease.job.number, from + i)
      digests[2 * i] = digest.high
      digests[2 * i + 1] = digest.low
      prices[i] = priceOf(digest)
    }
    const ref = world.nextRef()
    const claims = chance() < faults.outdated ? { ...lease.claims, kernelHash: 'kernel-old' } : lease.claims
    if (profile.character !== 'honest' && chance() < faults.malformed) {
      send({
        type: 'resultMalformed',
        device: id,
        claims,
        task: from,
        message: 'The output has the wrong length.',
        ref,
      })
      return
    }
    const event: Returned = {
      type: 'resultReturned',
      device: id,
      claims,
      from,
      prices,
      digests,
      bytes: count * 8,
      computeMs: ms,
      ref,
    }
    unacknowledged.set(ref, event)
    deliver(event)
  }

  const deliver = (event: Returned) => {
    send(event)
    // The network says it twice; the second is another message to the coordinator.
    if (chance() < faults.duplicates) send({ ...event, ref: world.nextRef() })
    const sentIn = epoch
    later(RESEND_AFTER_MS, () => {
      if (online && sentIn === epoch && unacknowledged.has(event.ref)) deliver(event)
    })
  }

  const rejoin = () => later(between(chance, 100, 3000), () => self.join())

  const self: SimDevice = {
    id,
    number,
    profile,
    online: () => online,
    join() {
      if (online || world.leftForGood(self)) return
      if (world.isDown()) {
        rejoin()
        return
      }
      online = true
      epoch++
      const claims = [...held.values()].map((lease) => lease.claims)
      world.hear({
        type: 'deviceJoined',
        device: id,
        volunteer,
        network,
        threads: profile.threads,
        host,
        reputation: world.reputation(id),
        held: claims,
      })
      lastArrival = world.agenda.now
      for (const event of unacknowledged.values()) deliver(event)
      ask()
    },
    leave(goodbye) {
      if (!online) return
      online = false
      world.hear({ type: 'deviceLeft', device: id, goodbye })
      if (!goodbye) return
      for (const lease of held.values()) lease.dropped = true
      held.clear()
      unacknowledged.clear()
    },
    cutOff() {
      self.leave(false)
      rejoin()
    },
    freeze(ms) {
      frozenUntil = Math.max(frozenUntil, world.agenda.now + ms)
      const sleptIn = epoch
      if (ms > PING_TIMEOUT_MS)
        world.agenda.plan(PING_TIMEOUT_MS, () => {
          if (sleptIn === epoch && online) self.cutOff()
        })
    },
    halfOpen(ms) {
      deafUntil = world.agenda.now + ms
      const deafIn = epoch
      world.agenda.plan(Math.min(ms, PING_TIMEOUT_MS), () => {
        if (deafIn === epoch && online) self.cutOff()
      })
    },
    receive(effect) {
      if (!online || world.agenda.now < deafUntil) return
      const sentIn = epoch
      world.agenda.plan(profile.latencyMs, () => {
        if (online && sentIn === epoch) later(0, () => take(effect))
      })
    },
  }

  const take = (effect: Effect) => {
    if (effect.type === 'lend') {
      const job = world.job(effect.claims.job)
      if (!job) return
      held.set(effect.claims.lease, {
        claims: effect.claims,
        job,
        next: effect.claims.from,
        running: false,
        dropped: false,
      })
      work()
    } else if (effect.type === 'release') {
      const lease = held.get(effect.claims.lease)
      if (!lease) return
      drop(lease)
      ask()
      work()
    } else if (effect.type === 'acknowledge') {
      if (chance() < faults.lostAcks) return
      const event = unacknowledged.get(effect.ref)
      unacknowledged.delete(effect.ref)
      if (event) settled += event.prices.length
    } else if (effect.type === 'devicePaused' && effect.paused) {
      // Whoever runs the pool looks after a while and lets it go on.
      world.agenda.plan(waitFor(chance, 120_000), () =>
        world.hear({ type: 'devicePaused', device: id, paused: false, because: 'Looked at.' }),
      )
    } else if (effect.type === 'devicePaused') ask()
  }
  return self
}
