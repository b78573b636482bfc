import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { createGateway } from '../gateway.ts'

/** Numbers of the running pool as Prometheus text. Source: prometheus.io, exposition formats, text-based format. */
export function createMetrics(gateway: ReturnType<typeof createGateway>, slowHeaders: () => number) {
  const { committer, directory, results, unread, counts, encoder } = gateway
  const loop = monitorEventLoopDelay({ resolution: 20 })
  loop.enable()
  return {
    text(): string {
      const lines: string[] = []
      const add = (type: 'gauge' | 'counter', name: string, help: string, values: Record<string, number> | number) => {
        lines.push(`# HELP poolparty_${name} ${help}`, `# TYPE poolparty_${name} ${type}`)
        if (typeof values === 'number') lines.push(`poolparty_${name} ${values}`)
        else for (const [label, value] of Object.entries(values)) lines.push(`poolparty_${name}{${label}} ${value}`)
      }
      const jobs = committer.pool()?.jobs() ?? []
      const byStatus: Record<string, number> = {}
      let tasks = 0
      let tasksDone = 0
      for (const job of jobs) {
        const label = `status="${job.status}"`
        byStatus[label] = (byStatus[label] ?? 0) + 1
        tasks += job.taskCount
        tasksDone += job.tasksDone
      }
      let threads = 0
      for (const { threads: lent } of directory.all()) threads += lent
      const memory = process.memoryUsage()
      add('gauge', 'up', 'Whether results can be kept now.', committer.pool() && committer.error() === null ? 1 : 0)
      add('gauge', 'devices', 'Devices connected.', directory.size)
      add('gauge', 'threads', 'Threads that connected devices lend.', threads)
      add('gauge', 'jobs', 'Jobs the pool holds, by status.', byStatus)
      add('gauge', 'tasks', 'Tasks of these jobs.', tasks)
      add('gauge', 'tasks_done', 'Tasks of these jobs that are accepted.', tasksDone)
      add('gauge', 'queued_events', 'Events that wait for a place in a commit.', committer.queued)
      add('gauge', 'held_result_bytes', 'Bytes of results that are not durable yet.', results.heldBytes)
      add('counter', 'commits_total', 'Commits made durable.', counts.commits)
      add('counter', 'commit_seconds_total', 'Time spent on them.', counts.commitMs / 1000)
      add('counter', 'committed_events_total', 'Events in them.', counts.committedEvents)
      add('counter', 'failed_commits_total', 'Commits that failed, attempts to recover included.', counts.failedCommits)
      add('counter', 'malformed_messages_total', 'Messages of devices that made no sense.', counts.malformed)
      add('counter', 'dropped_messages_total', 'Messages of devices beyond their rate.', counts.dropped)
      add('counter', 'faulted_connections_total', 'Devices cut off because serving them failed here.', counts.faults)
      add('gauge', 'unread_bytes', 'Bytes sent to devices and pages that they have not taken.', unread.bytes())
      add('counter', 'unread_connections_total', 'Connections cut off because they did not read.', counts.unread)
      add('counter', 'slow_headers_total', 'Connections closed because headers did not come in time.', slowHeaders())
      add('gauge', 'encoder_requests', 'Results being encoded.', encoder.running)
      add('gauge', 'event_loop_delay_seconds', 'Event loop delay since the last look.', {
        'quantile="0.5"': seconds(loop.percentile(50)),
        'quantile="0.99"': seconds(loop.percentile(99)),
        'quantile="1"': seconds(loop.max),
      })
      loop.reset()
      add('gauge', 'resident_memory_bytes', 'Resident memory of the coordinator.', memory.rss)
      add('gauge', 'heap_bytes', 'JavaScript heap in use.', memory.heapUsed)
      add('counter', 'cpu_seconds_total', 'Processor time of the coordinator.', cpuSeconds())
      add('gauge', 'uptime_seconds', 'Time since the coordinator started.', process.uptime())
      return `${lines.join('\n')}\n`
    },
    close: () => loop.disable(),
  }
}

function seconds(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
