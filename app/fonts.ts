// Geist comes as files inside its npm package: nothing is downloaded, neither at build time nor by a page.
export { GeistMono as mono } from 'geist/font/mono'
export { GeistSans as sans } from 'geist/font/sans'
