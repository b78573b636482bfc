// Progress for people: a line while something takes longer than a moment, one sentence when it fails.

const interactive = process.stderr.isTTY === true

/**
 * Runs `work`, showing `label` and the seconds passed while it takes longer than a second.
 * @template T @param {string} label @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function step(label, work) {
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  let shown = false
  const timer = setInterval(() => {
    if (interactive) process.stderr.write(`\r${label} … ${seconds()} s `)
    else if (!shown || seconds() % 15 === 0) process.stderr.write(`${label} …${shown ? ` ${seconds()} s` : ''}\n`)
    shown = true
  }, 1000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (shown) process.stderr.write(`${interactive ? '\r' : ''}${label}: done in ${seconds()} s\n`)
  }
}

/** Ends the process with one sentence. @param {string} sentence @param {number} code @returns {never} */
export function giveUp(sentence, code = 1) {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}
