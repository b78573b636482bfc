import type { Welcome } from '../../protocol/device.ts'
import type { Identity } from './ports.ts'

/** Who this device and its volunteer are: what the pool says, unless it has not heard of what a person typed. */
export function createIdentity(given: Identity, givenName: string, typed: boolean) {
  let secrets = given
  let name = givenName
  /** A typed name that is not the pool's yet. `from` is the name that the pool had before, where that was known. */
  let renamed: { readonly from?: string } | undefined = typed ? {} : undefined
  /** Who we were before a recovery code that the pool has not confirmed yet. */
  let before: { readonly secrets: Identity; readonly renamed: typeof renamed } | undefined
  let volunteer: string | undefined

  function isRenamed(ofPool: string): boolean {
    if (renamed && name !== ofPool && (renamed.from ?? ofPool) === ofPool) {
      // Sent and lost is found out at the next welcome.
      renamed = { from: ofPool }
      return true
    }
    name = ofPool
    renamed = undefined
    return false
  }

  return {
    secrets: () => secrets,
    name: () => name,
    rename(next: string, online: boolean) {
      renamed = online ? { from: name } : {}
      name = next
    },
    /** Become the volunteer whose code this is. A name typed so far belongs to the volunteer that is left. */
    recover(volunteerToken: string) {
      if (!before) {
        before = { secrets, renamed }
        renamed = undefined
      }
      secrets = { ...secrets, volunteerToken }
    },
    /** True: the typed name has to be sent. */
    welcome(answer: Welcome): boolean {
      // The same volunteer as before means that the code is unknown, or was ours anyway.
      const unmoved = before !== undefined && answer.volunteer.id === volunteer
      const volunteerToken = unmoved ? before?.secrets.volunteerToken : answer.volunteerToken || secrets.volunteerToken
      if (unmoved) renamed = before?.renamed
      secrets = { deviceToken: answer.deviceToken, ...(volunteerToken && { volunteerToken }) }
      before = undefined
      volunteer = answer.volunteer.id
      return isRenamed(answer.volunteer.ownName)
    },
    /** Nobody has the recovery code: be who we were. False where none was tried. */
    comeBack(): boolean {
      if (!before) return false
      secrets = before.secrets
      renamed = before.renamed
      before = undefined
      return true
    },
  }
}
