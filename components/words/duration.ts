import { count } from './count.ts'

/** "a few seconds", "40 seconds", "about 3 minutes", "about 2 hours": as exact as an estimate deserves. */
export function roughly(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} seconds`
  if (seconds < 90) return 'about a minute'
  if (seconds < 3300) return `about ${count(Math.round(seconds / 60), 'minute')}`
  if (seconds < 5400) return 'about an hour'
  if (seconds < 129_600) return `about ${count(Math.round(seconds / 3600), 'hour')}`
  return `about ${count(Math.round(seconds / 86_400), 'day')}`
}

/** What was measured, exactly enough: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function took(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
