import type { ContributionView } from '../protocol/api.ts'
import type { JobId } from '../protocol/ids.ts'
import type { Setting } from './config.ts'
import type { Route } from './http/route.ts'
import type { InputSource } from './inputs/port.ts'
import type { Log } from './log.ts'
import type { SystemJob } from './own-jobs.ts'

// What stands beside the pool and uses it: keeps inputs that jobs read, submits jobs of its own, has routes and pages.
// The coordinator knows nothing else of an application. An application knows this port and the tools that
// test/structure.test.ts lists: threads, files, the log, routes and their refusals.

export interface Application {
  /** Lower-case word: names its part of `api().applications`. */
  readonly name: string
  /** Flags and variables of a start that are its own. */
  readonly settings: Readonly<Record<string, Setting>>
  /** Why no start can succeed with these settings; null where it can. */
  refuse(settings: GivenSettings): Promise<string | null>
  /** Opens what it keeps on the disk; nothing runs yet. */
  open(place: {
    readonly dataDir: string
    readonly settings: GivenSettings
    readonly log: Log
  }): Promise<OpenApplication>
}

/** Values of its settings that were given. */
type GivenSettings = Readonly<Record<string, string | undefined>>

export interface OpenApplication {
  /** Inputs that it keeps, by ids that no other source has. */
  readonly inputs: InputSource
  mount(host: ApplicationHost): Promise<MountedApplication>
  close(): Promise<void>
}

/** What an application may ask of the pool. */
export interface ApplicationHost {
  readonly systemJob: SystemJob
  /** The JSON result of a job that is done. */
  result(job: JobId): Promise<unknown>
  contributions(job: JobId): Promise<readonly ContributionView[]>
  /** Titles of jobs under way that read this input. */
  usedBy(input: string): Promise<readonly string[]>
}

export interface MountedApplication {
  readonly routes: readonly Route[]
  /** What its pages ask, in this process. */
  readonly pages: unknown
  /** Called once the pool runs. */
  start(): Promise<void>
  close(): Promise<void>
}
