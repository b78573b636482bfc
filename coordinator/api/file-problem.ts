import type { FileProblem, FileProblemReason } from '../inputs/port.ts'
import { ApiProblem } from './problem.ts'

const STATUS: Readonly<Record<FileProblemReason, ApiProblem['status']>> = {
  'too-large': 413,
  'no-space': 507,
  'not-text': 422,
  damaged: 422,
  unsupported: 415,
  unknown: 404,
  forbidden: 403,
  stopped: 409,
  fault: 503,
}

/** Rethrows: what the file store refuses in words is a refusal of the API, everything else is what it was. */
export function fileProblem(error: unknown): never {
  const { name, reason, message } = error as FileProblem
  if (name === 'FileProblem') throw new ApiProblem(STATUS[reason], message)
  throw error
}
