'use client'
import { useEffect, useState } from 'react'
import { Choices } from '../../components/controls/fields.tsx'
import { Why } from '../../components/controls/inline.tsx'
import { Table } from '../../components/controls/table.tsx'
import { useAsk } from '../../components/rest/use-ask.ts'
import { brief, whole } from '../../components/words/count.ts'
import type { LeaderboardItem, Page } from '../../protocol/api.ts'
import { watch } from '../live/live.tsx'
import { hueStyle, Person } from '../people/people.tsx'

type Items = readonly LeaderboardItem[]
type By = 'volunteer' | 'device'
type Window = 'day' | 'week' | 'all'

const BY: readonly (readonly [By, string])[] = [
  ['volunteer', 'People'],
  ['device', 'Devices'],
]
const WINDOWS: readonly (readonly [Window, string])[] = [
  ['day', 'Today'],
  ['week', 'This week'],
  ['all', 'All time'],
]
const boardKey = (by: By, window: Window): string => `${by}-${window}`

/** The board, live, one choice of whom and one of when. */
export function LeaderboardTable(start: {
  /** The board that is chosen at first. */
  readonly items: Items
  readonly by: By
  readonly window: Window
  /** How many places a board has here. */
  readonly most: number
}) {
  const [boards, setBoards] = useState<Readonly<Record<string, Items>>>({
    [boardKey(start.by, start.window)]: start.items,
  })
  const [by, setBy] = useState<By>(start.by)
  const [window, setWindow] = useState<Window>(start.window)
  const key = boardKey(by, window)
  // Boards come by themselves once the connection is up; asking is for those it has not brought yet.
  const { answer } = useAsk<Page<LeaderboardItem>>(
    boards[key] ? null : `leaderboard?by=${by}&window=${window}&limit=${start.most}`,
  )
  const items = boards[key] ?? (answer?.type === 'ok' ? answer.value.items : undefined)

  useEffect(
    () =>
      watch(['leaderboard'], {
        leaderboard: (news) => setBoards((all) => ({ ...all, [boardKey(news.by, news.window)]: news.items })),
      }),
    [],
  )
  useEffect(() => history.replaceState(null, '', `?by=${by}&window=${window}`), [by, window])

  return (
    <>
      <div className="no-print mt-6 flex flex-wrap gap-x-6 gap-y-2">
        <Choices label="Whom" options={BY} chosen={by} onChoose={setBy} />
        <Choices label="When" options={WINDOWS} chosen={window} onChoose={setWindow} />
      </div>
      <List items={items} by={by} />
      <p className="mt-6 text-small text-quiet">
        Credit is priced from accepted work alone.{' '}
        <Why about="credit and days">
          Nobody can claim it: the pool reads the credit of every task from its output. A day is a day in UTC, a week is
          today and the six days before. “Lately” is credit a day, where what was earned a week ago counts half.
        </Why>
      </p>
    </>
  )
}

/** Rows to be, where the board will stand. */
function Skeleton() {
  return (
    <div className="board-skeleton" role="status" aria-label="Fetching the board">
      {[0.9, 0.6, 0.45, 0.3].map((width) => (
        <i key={width} style={{ width: `${width * 100}%` }} />
      ))}
    </div>
  )
}

function List({ items, by }: { readonly items: Items | undefined; readonly by: By }) {
  if (!items) return <Skeleton />
  if (items.length === 0) {
    return (
      <p className="mt-8">
        Nobody yet. <a href="/join">Lend this device</a> and the first place is yours.
      </p>
    )
  }
  const most = Math.max(1, ...items.map((item) => item.credit))
  return (
    <Table
      look="board"
      rows={items}
      keyOf={({ id }) => id}
      columns={[
        { head: 'Place', cell: ({ rank }) => rank, td: { className: 'figures' } },
        {
          head: by === 'volunteer' ? 'Person' : 'Device',
          names: true,
          cell: ({ id, name, credit }) => (
            <>
              <Person id={id} name={name} />
              <span className="board-bar" aria-hidden="true">
                <i className="person-fill" style={{ ...hueStyle(id), width: `${(100 * credit) / most}%` }} />
              </span>
            </>
          ),
        },
        {
          head: 'Credit',
          label: 'credits',
          cell: ({ credit }) => (
            <data value={credit} title={whole(credit)}>
              {brief(credit)}
            </data>
          ),
          td: { className: 'figures' },
        },
        { head: 'Tasks', label: 'tasks', cell: ({ tasks }) => brief(tasks), td: { className: 'figures' } },
        {
          head: 'Lately',
          label: 'a day lately',
          cell: ({ recent }) => brief(Math.round(recent)),
          td: { className: 'figures' },
        },
      ]}
    />
  )
}
