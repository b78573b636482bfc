import type { Metadata } from 'next'
import { api } from '../../coordinator/api/index.ts'
import { Sheet } from '../identity/sheet.tsx'
import { membersOnly } from '../visitor.ts'
import { Desk } from './desk.tsx'

export const metadata: Metadata = {
  title: 'BTC desk',
  description: 'Bitcoin’s price, live, and what can be said of it.',
}

export default async function Btc() {
  await membersOnly()
  const { prices } = api()
  const now = await api().now()
  return (
    <Sheet here="/btc" devices={now.devices} wide>
      <h1 className="sr-only">BTC desk</h1>
      {prices ? (
        <Desk initial={prices.now()} />
      ) : (
        <>
          <h2 className="text-title">No prices here</h2>
          <p className="mt-4">
            This pool was started without prices. Start it with <code>--prices replay</code>, <code>kraken</code> or{' '}
            <code>coinbase</code>.
          </p>
        </>
      )}
    </Sheet>
  )
}
