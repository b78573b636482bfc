import { fillForm, serveControls } from './browser/controls.ts'
import { createVolunteer } from './browser/volunteer.ts'
import { spots } from './browser/words.ts'
import type { PoolParty } from './state.ts'

// The script of /join: Start works as soon as it has run, before React hydrates. Hooks: README.md.

/** Set by the build. */
declare const RUNTIME_HASH: string
declare const SESSION_URL: string
declare const COMPUTE_URL: string

if (!window.poolparty) {
  const volunteer = createVolunteer({ hash: RUNTIME_HASH, sessionUrl: SESSION_URL, computeUrl: COMPUTE_URL })
  let hydrated = false

  function draw() {
    const state = volunteer.getState()
    document.documentElement.dataset['volunteer'] = state.status
    if (hydrated) return
    const texts = spots(state)
    for (const spot of document.querySelectorAll<HTMLElement>('[data-volunteer-text]'))
      spot.textContent = texts[spot.dataset['volunteerText'] ?? ''] ?? ''
  }

  const poolparty: PoolParty = {
    ...volunteer,
    hydrated() {
      hydrated = true
      draw()
    },
  }
  window.poolparty = poolparty
  serveControls(poolparty)
  fillForm(poolparty)
  volunteer.subscribe(draw)
  draw()
  // Closing the tab gives back what it holds at once, instead of after a minute of waiting for its return.
  window.addEventListener('pagehide', (event) => event.persisted || volunteer.leave())
}
