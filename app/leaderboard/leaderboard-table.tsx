'use client'
import { useEffect, useState } from 'react'
import { Choices } from '../../components/controls/choices.tsx'
import { Table } from '../../components/controls/table.tsx'
import { useAsk } from '../../components/rest/use-ask.ts'
import { brief, whole } from '../../components/words/count.ts'
import { Why } from '../../components/words/why.tsx'
import type { LeaderboardItem, Page } from '../../protocol/api.ts'
import { useBoards } from '../live/use-live.ts'
import { hueStyle, Person } from '../people/person.tsx'
import { type Board, type Boards, BY, boardKey, SHOWN, WINDOWS } from './boards.ts'

type By = (typeof BY)[number]

/** The board, live, one choice of whom and one of when. */
export function LeaderboardTable(start: { readonly initial: Boards; readonly by: By; readonly window: Board }) {
  const boards = useBoards(start.initial)
  const [by, setBy] = useState<By>(start.by)
  const [window, setWindow] = useState<Board>(start.window)
  const key = boardKey(by, window)
  // Boards come by themselves once the connection is up; asking is for those it has not brought yet.
  const { answer } = useAsk<Page<LeaderboardItem>>(
    boards[key] ? null : `leaderboard?by=${by}&window=${window}&limit=${SHOWN}`,
  )
  const items = boards[key] ?? (answer?.type === 'ok' ? answer.value.items : undefined)

  useEffect(() => history.replaceState(null, '', `?by=${by}&window=${window}`), [by, window])

  return (
    <>
      <div className="no-print mt-6 flex flex-wrap gap-x-6 gap-y-2">
        <Choices
          label="Whom"
          options={BY.map((one) => [one, one === 'volunteer' ? 'People' : 'Devices'] as const)}
          chosen={by}
          onChoose={setBy}
        />
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

function List({ items, by }: { readonly items: readonly LeaderboardItem[] | undefined; readonly by: By }) {
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
