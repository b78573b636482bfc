/** Enough of a job for any thread to price, paint and encode its outputs. */
export interface JobFacts {
  readonly job: string
  readonly kind: string
  readonly params: unknown
  /** Script of the kind's kernel on this disk. */
  readonly kernelFile: string
  /** Null for kinds that read nothing. */
  readonly input: InputPaths | null
}

/** Where what a job reads stands on this disk. */
export interface InputPaths {
  readonly text: string
  /** What was known of it when the job was submitted; outlives the text. */
  readonly known: string
}
