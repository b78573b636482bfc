'use client'
import { Popover } from '@base-ui/react/popover'
import Link from 'next/link'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { AskButton } from '../../../components/controls/ask-button.tsx'
import { Table } from '../../../components/controls/table.tsx'
import { ask } from '../../../components/rest/ask.ts'
import { count } from '../../../components/words/count.ts'
import { Time } from '../../../components/words/time.tsx'
import type { DeviceView } from '../../../protocol/api.ts'
import { WhySo } from '../../jobs/[id]/job-actions.tsx'
import { useLive } from '../../live/live.tsx'
import { Person } from '../../people/people.tsx'

/** Every device, those here first. */
export function DeviceTable({ initial, more }: { readonly initial: readonly DeviceView[]; readonly more: boolean }) {
  const live = useLive('devices', initial)
  const [changed, setChanged] = useState<ReadonlyMap<string, DeviceView>>(new Map())
  const [sought, setSought] = useState('')
  const words = useDeferredValue(sought).trim().toLowerCase()
  const devices = (live === initial ? live.map((device) => changed.get(device.id) ?? device) : live).filter(
    (device) =>
      words === '' || `${device.name} ${device.volunteer.name} ${device.platform}`.toLowerCase().includes(words),
  )
  if (initial.length === 0 && live.length === 0) {
    return (
      <p className="mt-4">
        No device has ever been here. Open <Link href="/screen">the big screen</Link> and let people scan the code, or
        start an agent on a Raspberry Pi.
      </p>
    )
  }
  return (
    <>
      <label className="no-print mt-6 block max-w-sm text-small">
        Find a device or a person
        <input
          className="field small-field mt-1"
          type="search"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      </label>
      <Table
        look="board"
        className="devices"
        caption={<caption className="sr-only">{count(devices.length, 'device')}</caption>}
        rows={devices}
        keyOf={({ id }) => id}
        columns={[
          {
            head: 'State',
            cell: ({ state }) => (
              <span className="whitespace-nowrap text-small text-ink">
                <span aria-hidden="true">{STATES[state][0]}</span> {STATES[state][1]}
              </span>
            ),
          },
          { head: 'Device and person', names: true, cell: (device) => <Who device={device} /> },
          {
            head: 'Cores busy',
            label: 'cores busy',
            cell: ({ busyThreads, threads }) => `${busyThreads} of ${threads}`,
            td: { className: 'figures' },
          },
          { head: 'Speed', label: 'speed', cell: speedText, td: { className: 'figures' } },
          { head: 'Last seen', cell: (device) => <LastSeen device={device} />, td: { className: 'text-small' } },
          {
            head: <span className="sr-only">What to do</span>,
            cell: (device) => (
              <DeviceActions
                device={device}
                onChange={(news) => setChanged((all) => new Map(all).set(news.id, news))}
              />
            ),
            td: { className: 'no-print' },
          },
        ]}
      />
      {devices.length === 0 ? <p className="mt-4 text-quiet">Nothing here is called “{sought}”.</p> : null}
      {more ? (
        <p className="mt-4 text-small text-quiet">Only the 500 seen last are shown; the API lists them all.</p>
      ) : null}
    </>
  )
}

function Who({ device }: { readonly device: DeviceView }) {
  return (
    <>
      <bdi className="block truncate">{device.name || device.platform}</bdi>
      <span className="block font-normal text-small">
        <Person id={device.volunteer.id} name={device.volunteer.name} />
        {device.hidden ? <span className="text-quiet">, hidden from public pages</span> : null}
      </span>
      <span className="block truncate text-small font-normal text-quiet">
        {device.host ? 'The host itself, ' : ''}
        {device.kind === 'agent' ? 'agent' : 'browser'} {device.version}, {device.platform}
      </span>
    </>
  )
}

function LastSeen({ device }: { readonly device: DeviceView }) {
  return (
    <>
      <Time at={device.lastSeen} />
      {device.temperatureC === undefined ? null : (
        <span className="block text-quiet">{Math.round(device.temperatureC)} °C</span>
      )}
    </>
  )
}

/** A sign, told apart by shape and not by colour, and a word. */
const STATES: Readonly<Record<DeviceView['state'], readonly [sign: string, word: string]>> = {
  working: ['●', 'Working'],
  idle: ['○', 'Idle'],
  paused: ['‖', 'Paused'],
  away: ['·', 'Away'],
  removed: ['×', 'Removed'],
}

/** Relative to the median device: "×1.3". */
const speedText = ({ speed }: DeviceView): string =>
  speed === 0 ? 'not yet' : `×${speed >= 10 ? Math.round(speed) : speed.toFixed(1)}`

/** Pause, rename, hide, remove and "why?", opened from the row they are about. */
function DeviceActions({
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
