import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { api } from '../coordinator/api/index.ts'

/** Who asks for this page: the admin, somebody who may see this pool, or somebody without its key. */
export async function visitor(): Promise<{ readonly admin: boolean; readonly enters: boolean }> {
  const cookie = (await headers()).get('cookie')
  return { admin: api().isAdmin(cookie), enters: api().mayEnter(cookie) }
}

/**
 * Sends whoever has not shown the pool's key to where it is given. Every page that shows something of the pool asks this
 * itself: a request that slips past the list of open paths still shows nothing.
 */
export async function membersOnly(): Promise<void> {
  if (!(await visitor()).enters) redirect('/join')
}

/** Sends everyone but the admin to the login, and back here afterwards. */
export async function adminOnly(here: string): Promise<void> {
  if (!(await visitor()).admin) redirect(`/admin?next=${encodeURIComponent(here)}`)
}
