import { spots } from './browser/snapshot.ts'
import { createVolunteer } from './browser/volunteer.ts'
import type { PoolParty, StartWish } from './state.ts'

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

// Buttons and the Start form, by delegation from the document: they work on markup that React has not touched yet, and
// on markup that it replaced.

type Command = 'start' | 'pause' | 'resume' | 'toggle' | 'finish' | 'stop' | 'move'

function serveControls(poolparty: PoolParty) {
  const commands: Record<Command, () => void> = {
    start: () => poolparty.start(wishOf(startForm())),
    pause: poolparty.pause,
    resume: poolparty.resume,
    toggle() {
      const state = poolparty.getState()
      if (state.status === 'paused' && state.by === 'you') poolparty.resume()
      else poolparty.pause()
    },
    finish: poolparty.finish,
    stop: poolparty.stop,
    move: poolparty.moveHere,
  }

  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return
    const name = event.target.closest('[data-volunteer]')?.getAttribute('data-volunteer')
    // The root element carries the state under the same attribute.
    if (name && Object.hasOwn(commands, name) && !event.target.closest('form#start [type=submit]'))
      commands[name as Command]()
  })
  // Also what Enter in the name field does.
  document.addEventListener('submit', (event) => {
    if (event.target !== startForm()) return
    event.preventDefault()
    commands.start()
  })
  document.addEventListener('input', (event) => {
    const field = event.target
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || field.form !== startForm()) return
    if (field.name === 'threads' || field.name === 'duty') poolparty.setPower(wishOf(field.form))
  })
}

/** Puts what this browser remembers and has into the Start form, unless the person was faster. */
function fillForm(poolparty: PoolParty) {
  const form = startForm()
  if (!form) return
  const { name, power, cores } = poolparty.getState()
  const nameField = form.elements.namedItem('name')
  if (nameField instanceof HTMLInputElement && nameField.value === '') nameField.value = name
  const threads = form.elements.namedItem('threads')
  if (threads instanceof HTMLInputElement) {
    threads.min = '1'
    threads.max = String(cores)
    threads.value = String(power.threads)
  }
  const duty = form.elements.namedItem('duty')
  if (duty instanceof HTMLInputElement || duty instanceof HTMLSelectElement || duty instanceof RadioNodeList)
    duty.value = String(power.duty)
}

function startForm(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>('form#start')
}

function wishOf(form: HTMLFormElement | null): StartWish {
  if (!form) return {}
  const data = new FormData(form)
  const number = (key: 'threads' | 'duty') => {
    const value = data.get(key)
    return typeof value === 'string' && value !== '' ? { [key]: Number(value) } : {}
  }
  const name = data.get('name')
  return { ...(typeof name === 'string' && { name }), ...number('threads'), ...number('duty') }
}
