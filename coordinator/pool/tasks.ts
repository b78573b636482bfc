// What is known of each task of a job that is not over: 14 bytes, 16 where prices are high, allocated in pieces as results come in, so that
// a queued job of ten million tasks costs nothing.

/** No result. */
export const OPEN = 0
/** Results are kept, none decides yet. */
export const PENDING = 1
/** Decided by one device's word. */
export const ACCEPTED = 2
/** Decided, and an independent volunteer returned the same bytes. */
export const VALIDATED = 3
/** Decided by the admin's word, without the check its trust asked for. */
export const UNCHECKED = 4
/** Decided by the host's own agent. */
export const CERTAIN = 5

type TaskState = typeof OPEN | typeof PENDING | typeof ACCEPTED | typeof VALIDATED | typeof UNCHECKED | typeof CERTAIN

const PIECE_BITS = 12
const PIECE = 1 << PIECE_BITS
const HIGHEST_SHORT = 2 ** 16 - 1
const STATE_SHIFT = 28
const DECIDER_MASK = (1 << STATE_SHIFT) - 1

interface Piece {
  /** state << 28 | index of the deciding contributor */
  readonly words: Uint32Array
  /** Short until a price needs more. */
  prices: Uint16Array | Uint32Array
  readonly digests: Uint32Array
}

export interface Tasks {
  readonly count: number
  readonly pieces: (Piece | undefined)[]
}

export function tasksOf(count: number): Tasks {
  return { count, pieces: [] }
}

function pieceOf(tasks: Tasks, task: number): Piece {
  const at = task >>> PIECE_BITS
  const known = tasks.pieces[at]
  if (known) return known
  const size = Math.min(PIECE, tasks.count - at * PIECE)
  const piece = { words: new Uint32Array(size), prices: new Uint16Array(size), digests: new Uint32Array(2 * size) }
  // A hole in the array would turn it into a dictionary: fill up to here.
  while (tasks.pieces.length < at) tasks.pieces.push(undefined)
  tasks.pieces[at] = piece
  return piece
}

export function stateOf(tasks: Tasks, task: number): TaskState {
  const piece = tasks.pieces[task >>> PIECE_BITS]
  return piece ? (((piece.words[task & (PIECE - 1)] as number) >>> STATE_SHIFT) as TaskState) : OPEN
}

export function isDecided(tasks: Tasks, task: number): boolean {
  return stateOf(tasks, task) >= ACCEPTED
}

/** Index of the contributor whose output decides the task; meaningless unless decided. */
export function deciderOf(tasks: Tasks, task: number): number {
  return (pieceOf(tasks, task).words[task & (PIECE - 1)] as number) & DECIDER_MASK
}

export function priceOf(tasks: Tasks, task: number): number {
  return pieceOf(tasks, task).prices[task & (PIECE - 1)] as number
}

/** Whether the deciding output has this digest. */
export function digestIs(tasks: Tasks, task: number, high: number, low: number): boolean {
  const { digests } = pieceOf(tasks, task)
  const at = 2 * (task & (PIECE - 1))
  return digests[at] === high && digests[at + 1] === low
}

export function setState(tasks: Tasks, task: number, state: TaskState): void {
  const { words } = pieceOf(tasks, task)
  const at = task & (PIECE - 1)
  words[at] = ((state << STATE_SHIFT) | ((words[at] as number) & DECIDER_MASK)) >>> 0
}

export function decideTask(
  tasks: Tasks,
  task: number,
  state: TaskState,
  decider: number,
  price: number,
  high: number,
  low: number,
): void {
  const piece = pieceOf(tasks, task)
  const at = task & (PIECE - 1)
  piece.words[at] = ((state << STATE_SHIFT) | decider) >>> 0
  if (price > HIGHEST_SHORT && piece.prices instanceof Uint16Array) piece.prices = Uint32Array.from(piece.prices)
  piece.prices[at] = price
  piece.digests[2 * at] = high
  piece.digests[2 * at + 1] = low
}

/** Calls `visit` with every task decided by this contributor. Walks the whole job: for rare moments only. */
export function eachDecidedBy(tasks: Tasks, decider: number, visit: (task: number, state: TaskState) => void): void {
  tasks.pieces.forEach((piece, at) => {
    if (!piece) return
    for (let i = 0; i < piece.words.length; i++) {
      const word = piece.words[i] as number
      const state = (word >>> STATE_SHIFT) as TaskState
      if (state >= ACCEPTED && (word & DECIDER_MASK) === decider) visit(at * PIECE + i, state)
    }
  })
}
