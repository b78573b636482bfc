import type { PoolNow } from '../../protocol/live.ts'

/** Who asked, what runs, what it sees and how it ends: before anything does. */
export function Consent({ now }: { readonly now: PoolNow }) {
  return (
    <details className="mt-6">
      <summary className="py-2 font-semibold">Who asked, and what runs?</summary>
      <ul className="mt-1 space-y-2 pl-5 text-quiet list-disc">
        <li>
          {now.showing
            ? `Whoever runs ${now.name} asked for it: ${now.showing.title}.`
            : `Whoever runs ${now.name} decides what is computed; the page always names it.`}
        </li>
        <li>
          This page’s own scripts, from this pool’s own address, in the browser’s sandbox. They see no files, no camera,
          nothing of other pages.
        </li>
        <li>Numbers come in and numbers go out. Your name, if you give one, stands beside the tiles you computed.</li>
        <li>
          It uses power. On a phone it begins with one core at half its time and pauses when the battery is low or the
          phone gets warm, where the browser tells.
        </li>
        <li>Pause, Finish and Stop work within a second. Closing the tab stops it too.</li>
      </ul>
    </details>
  )
}
