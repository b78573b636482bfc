'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** An exact moment, in the viewer's zone once the page knows it. */
export function Moment({ at }: { readonly at: string | number }) {
  const here = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const date = new Date(at)
  const iso = date.toISOString()
  return (
    <time dateTime={iso} title={here ? date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' }) : iso}>
      {here
        ? date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
        : `${iso.slice(0, 19).replace('T', ' ')} UTC`}
    </time>
  )
}
