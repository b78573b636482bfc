'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { DeviceView, JobView } from '../../protocol/api.ts'
import type { PoolNow } from '../../protocol/live.ts'
import { type Boards, boardKey } from '../leaderboard/boards.ts'
import { type Connection, getConnection, onConnection, UNCONNECTED, watch } from './socket.ts'

// What the server drew, kept up to date. Every hook starts from the server's answer, so nothing jumps.

export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, getConnection, () => UNCONNECTED)
}

export function usePool(initial: PoolNow): PoolNow {
  const [now, setNow] = useState(initial)
  useEffect(() => watch(['pool'], { pool: setNow }), [])
  return now
}

export function useJobs(initial: readonly JobView[]): readonly JobView[] {
  const [jobs, setJobs] = useState(initial)
  useEffect(() => watch(['jobs'], { jobs: setJobs }), [])
  return jobs
}

export function useJob(initial: JobView): JobView {
  const [job, setJob] = useState(initial)
  const { id } = initial
  useEffect(() => watch([`job:${id}`], { job: (news) => news.id === id && setJob(news) }), [id])
  return job
}

export function useDevices(initial: readonly DeviceView[]): readonly DeviceView[] {
  const [devices, setDevices] = useState(initial)
  useEffect(() => watch(['devices'], { devices: setDevices }), [])
  return devices
}

export function useBoards(initial: Boards): Boards {
  const [boards, setBoards] = useState(initial)
  useEffect(
    () =>
      watch(['leaderboard'], {
        leaderboard: ({ by, window, items }) => setBoards((all) => ({ ...all, [boardKey(by, window)]: items })),
      }),
    [],
  )
  return boards
}
