'use client'
import { AskButton } from '../../components/controls/ask-button.tsx'

export function SignOut() {
  return (
    <p className="no-print mt-12">
      <AskButton method="POST" path="logout" onDone={() => location.assign('/')}>
        Sign out
      </AskButton>
    </p>
  )
}
