import type { KernelRef } from '../../protocol/device.ts'
import { createBackoff } from './backoff.ts'
import { createMember, type Member, type MemberOwner } from './member.ts'
import type { SessionPorts } from './ports.ts'

export type CrewOwner = Omit<MemberOwner, 'trouble' | 'well'>

/** All threads of this device. After trouble with one, all pause a little: what ails one mostly ails all. */
export function createCrew(ports: Pick<SessionPorts, 'spawn' | 'clock' | 'random'>, owner: CrewOwner) {
  const { clock } = ports
  const members: Member[] = []
  const backoff = createBackoff(ports.random)
  let coolUntil = Number.NEGATIVE_INFINITY
  const cooling = () => clock.now() < coolUntil

  function wake() {
    for (const member of members) member.look()
  }

  function trouble() {
    const ms = backoff.nextMs()
    coolUntil = clock.now() + ms
    clock.after(ms, wake)
  }

  const memberOwner: MemberOwner = {
    ...owner,
    policy: () => (owner.policy() === 'go' && cooling() ? 'wait' : owner.policy()),
    trouble,
    well: backoff.reset,
  }

  return {
    wake,
    /** Threads without work get ready for this kernel. */
    warm(kernel: KernelRef) {
      for (const member of members) member.warm(kernel)
    },
    trouble,
    cooling,
    resize(threads: number) {
      while (members.length < threads) members.push(createMember(ports, memberOwner))
      members.forEach((member, index) => {
        member.need(index < threads)
      })
    },
    dutyChanged() {
      for (const member of members) member.forgive()
    },
    tick() {
      for (const member of members) member.tick()
    },
    running: () => members.filter((member) => member.running()).length,
    /** Leases on threads, those that rest included. */
    held: () => members.flatMap((member) => member.held() ?? []),
    busyMs: () => members.reduce((sum, member) => sum + member.busyMs(), 0),
    close() {
      for (const member of members) member.close()
      members.length = 0
    },
  }
}
