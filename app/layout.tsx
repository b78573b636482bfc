// Geist comes as files inside its npm package: nothing is downloaded, neither at build time nor by a page.
import { GeistMono as mono } from 'geist/font/mono'
import { GeistSans as sans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'PoolParty', template: '%s · PoolParty' },
  description: 'One computer made of the phones, laptops and Raspberry Pis in the room. Open the link and lend yours.',
  applicationName: 'PoolParty',
  manifest: '/manifest.webmanifest',
  // A pool lives on somebody's network; search engines have no business there.
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, address: false, email: false, date: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#eef6f6' },
    { media: '(prefers-color-scheme: dark)', color: '#02151f' },
  ],
  viewportFit: 'cover',
}

/** The runtime script of /join marks its state on `<html>` before React draws: hence the suppressed warning. */
export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  )
}
