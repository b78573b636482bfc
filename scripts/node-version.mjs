import { giveUp } from './say.mjs'

// Imported before anything newer than Node 18 can parse is loaded.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  giveUp(
    `PoolParty needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`,
    2,
  )
