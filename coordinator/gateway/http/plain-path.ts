/** Any base will do: only the path is looked at. */
const BASE = 'http://pool'
/** Written with %, a dot, a slash or a backslash may be taken for what it stands for by whoever reads the path next. */
const UNCLEAR = /%(2e|2f|5c)|\/\//i

/**
 * The path of a request's raw target; null unless it is in the one form that everybody reads alike. Others may resolve
 * `/join/../jobs`, or not: what is decided here of a path must hold for the page that answers.
 */
export function plainPath(target: string): string | null {
  const [path = ''] = target.split('?', 1)
  if (UNCLEAR.test(path) || !URL.canParse(path, BASE)) return null
  return new URL(path, BASE).pathname === path ? path : null
}
