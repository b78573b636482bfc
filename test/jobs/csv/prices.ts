const NAMES = 'Time,Ask,Bid,AskVolume,BidVolume'

/** A price history like the exporters of brokers write it, from a seed. */
export function prices(rows: number, seed = 1): string {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 2 ** 32
  }
  let time = Date.UTC(2019, 10, 1)
  let ask = 1.1
  const lines = [NAMES]
  for (let row = 0; row < rows; row++) {
    time += Math.floor(random() * 5000)
    ask += (random() - 0.5) * 1e-4
    const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 23).split('T')
    const day = date.split('-').reverse().join('.')
    lines.push(
      `${day} ${clock},${ask.toFixed(5)},${(ask - random() * 1e-4).toFixed(5)},${(random() * 5).toFixed(2)},${row % 7}`,
    )
  }
  return `${lines.join('\n')}\n`
}
