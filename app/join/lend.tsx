'use client'
import Link from 'next/link'
import type { PoolNow } from '../../protocol/live.ts'
import { Wordmark } from '../identity/mark.tsx'
import { usePool } from '../live/use-live.ts'
import { Water } from '../water/water.tsx'
import { Begin } from './begin.tsx'
import { Bye, Elsewhere, Refused } from './endings.tsx'
import { OwnPicture } from './own-picture.tsx'
import { Story } from './story.tsx'
import { useVolunteer } from './use-volunteer.ts'

/**
 * One page for a volunteer's whole visit. Every state's block is in the markup from the start and `<html data-volunteer>`
 * shows one of them, so the page works before React has arrived; React then fills in what words alone cannot say.
 */
export function Lend({ initial, runtime }: { readonly initial: PoolNow; readonly runtime: string }) {
  const now = usePool(initial)
  const state = useVolunteer(runtime)
  return (
    <div className="lend">
      <Water devices={now.devices} people={state?.identity ? [state.identity.volunteer] : []} />
      <header className="px-5 pt-4 sm:px-8 sm:pt-6">
        <Link href="/" prefetch={false} className="inline-block text-[1.35rem] leading-none text-ink no-underline">
          <Wordmark />
        </Link>
      </header>
      <main className="lend-main">
        <div className="while-ready">
          <Begin now={now} state={state} />
        </div>
        <div className="while-on lend-on">
          <OwnPicture now={now} state={state} />
          <Story state={state} />
        </div>
        <div className="while-stopped">
          <Bye state={state} />
        </div>
        <div className="while-elsewhere">
          <Elsewhere />
        </div>
        <div className="while-refused">
          <Refused state={state} />
        </div>
      </main>
      <div className="while-on">
        <Actions />
      </div>
    </div>
  )
}

/** Always visible, always at hand, always the runtime's own: React is not needed for any of them. */
function Actions() {
  return (
    <fieldset className="actions no-print" aria-label="Your device">
      <button type="button" data-volunteer="pause" className="act while-going">
        Pause
      </button>
      <button type="button" data-volunteer="resume" className="act while-held">
        Resume
      </button>
      <button type="button" data-volunteer="finish" className="do" title="Send what is running, then stop">
        Finish
      </button>
      <button type="button" data-volunteer="stop" className="do" title="Stop now; unfinished work goes to others">
        Stop
      </button>
    </fieldset>
  )
}
