/** "1 task", "2 tasks". */
export function wordsFor(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}
