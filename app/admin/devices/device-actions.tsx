'use client'
import { Popover } from '@base-ui/react/popover'
import { type FormEvent, useState } from 'react'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { ask } from '../../../components/rest/ask.ts'
import type { DeviceView } from '../../../protocol/api.ts'
import { WhySo } from '../../jobs/[id]/job-actions.tsx'

/** Pause, rename, hide, remove and "why?", opened from the row they are about. */
export function DeviceActions({
  device,
  onChange,
}: {
  readonly device: DeviceView
  readonly onChange: (device: DeviceView) => void
}) {
  const at = `devices/${device.id}`
  const named = device.name || device.platform
  const done = (value: unknown) => onChange(value as DeviceView)
  return (
    <Popover.Root>
      <Popover.Trigger className="do small-do">
        Change<span className="sr-only"> {named}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="z-30" align="end" sideOffset={8} collisionPadding={16}>
          <Popover.Popup className="popover grid gap-2" aria-label={`Change ${named}`}>
            {device.state === 'removed' ? (
              <AskButton method="PATCH" path={at} body={{ removed: false }} onDone={done}>
                Let it back in
              </AskButton>
            ) : (
              <>
                <AskButton method="PATCH" path={at} body={{ paused: device.state !== 'paused' }} onDone={done}>
                  {device.state === 'paused' ? 'Resume' : 'Pause'}
                </AskButton>
                <AskButton method="PATCH" path={at} body={{ removed: true }} confirm="Really remove it?" onDone={done}>
                  Remove
                </AskButton>
              </>
            )}
            <Rename label="Device’s name" path={at} name={device.name} onDone={done} />
            <Rename
              label="Person’s name"
              path={`volunteers/${device.volunteer.id}`}
              name={device.volunteer.name}
              onDone={(_, name) => onChange({ ...device, volunteer: { ...device.volunteer, name } })}
            />
            {/* Hidden people stand on no public page; their work stays. */}
            <AskButton
              method="PATCH"
              path={`volunteers/${device.volunteer.id}`}
              body={{ hidden: !device.hidden }}
              onDone={() => onChange({ ...device, hidden: !device.hidden })}
            >
              {device.hidden ? 'Show the person again' : 'Hide the person from public pages'}
            </AskButton>
            <WhySo path={`explain/device/${device.id}`} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Rename({
  label,
  path,
  name,
  onDone,
}: {
  readonly label: string
  readonly path: string
  readonly name: string
  readonly onDone: (value: unknown, name: string) => void
}) {
  const [text, setText] = useState(name)
  const [words, setWords] = useState('')
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await ask<unknown>('PATCH', path, { name: text.trim() })
    setWords(answer.type === 'ok' ? 'Renamed.' : answer.words)
    if (answer.type === 'ok') onDone(answer.value, text.trim())
  }
  return (
    <form onSubmit={send} className="text-small">
      <label>
        {label}
        <input
          className="field small-field mt-1"
          value={text}
          maxLength={40}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="do small-do mt-1">
        Rename
      </button>
      <span role="status" className="ml-2">
        {words}
      </span>
    </form>
  )
}
