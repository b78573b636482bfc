import type { PoolParty, StartWish } from '../state.ts'

// Buttons and the Start form, by delegation from the document: they work on markup that React has not touched yet, and
// on markup that it replaced.

type Command = 'start' | 'pause' | 'resume' | 'toggle' | 'finish' | 'stop' | 'move'

export function serveControls(poolparty: PoolParty) {
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
export function fillForm(poolparty: PoolParty) {
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
