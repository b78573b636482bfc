'use client'
import Link from 'next/link'
import { useDeferredValue, useState } from 'react'
import { count } from '../../../components/words/count.ts'
import { Time } from '../../../components/words/time.tsx'
import type { DeviceView } from '../../../protocol/api.ts'
import { useDevices } from '../../live/use-live.ts'
import { Person } from '../../people/person.tsx'
import { DeviceActions } from './device-actions.tsx'
import { STATE_SIGN, STATE_WORD, speedText } from './device-words.ts'

/** Every device, those here first. */
export function DeviceTable({ initial, more }: { readonly initial: readonly DeviceView[]; readonly more: boolean }) {
  const live = useDevices(initial)
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
      <table className="board devices">
        <caption className="sr-only">{count(devices.length, 'device')}</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Device and person</th>
            <th scope="col">Cores busy</th>
            <th scope="col">Speed</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              <span className="sr-only">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <Row
              key={device.id}
              device={device}
              onChange={(news) => setChanged((all) => new Map(all).set(news.id, news))}
            />
          ))}
        </tbody>
      </table>
      {devices.length === 0 ? <p className="mt-4 text-quiet">Nothing here is called “{sought}”.</p> : null}
      {more ? (
        <p className="mt-4 text-small text-quiet">Only the 500 seen last are shown; the API lists them all.</p>
      ) : null}
    </>
  )
}

function Row({ device, onChange }: { readonly device: DeviceView; readonly onChange: (device: DeviceView) => void }) {
  return (
    <tr>
      <td title={STATE_WORD[device.state]}>
        <span className="whitespace-nowrap text-small text-ink">
          <span aria-hidden="true">{STATE_SIGN[device.state]}</span> {STATE_WORD[device.state]}
        </span>
      </td>
      <th scope="row">
        <bdi className="block truncate">{device.name || device.platform}</bdi>
        <span className="block font-normal text-small">
          <Person id={device.volunteer.id} name={device.volunteer.name} />
          {device.hidden ? <span className="text-quiet">, hidden from public pages</span> : null}
        </span>
        <span className="block truncate text-small font-normal text-quiet">
          {device.host ? 'The host itself, ' : ''}
          {device.kind === 'agent' ? 'agent' : 'browser'} {device.version}, {device.platform}
        </span>
      </th>
      <td className="figures" data-label="cores busy">
        {device.busyThreads} of {device.threads}
      </td>
      <td className="figures" data-label="speed">
        {speedText(device)}
      </td>
      <td className="text-small">
        <Time at={device.lastSeen} />
        {device.temperatureC === undefined ? null : (
          <span className="block text-quiet">{Math.round(device.temperatureC)} °C</span>
        )}
      </td>
      <td className="no-print">
        <DeviceActions device={device} onChange={onChange} />
      </td>
    </tr>
  )
}
