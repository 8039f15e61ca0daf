// npm start: from a fresh clone to a running product; arguments go to server/main.ts (--demo, --lan, --role …).
import { compileCache, dataFolder, ensureInstalled, ensureWebBuilt, givenArguments, refuseSecondStart, run, webIsBuilt } from './lib.mjs'

const args = givenArguments()
const folder = dataFolder(args)
if (!process.env.DATABASE_URL) refuseSecondStart(folder)
ensureInstalled({ build: !webIsBuilt() })
ensureWebBuilt()
// Young objects get 32 MB: left to itself Node takes 128 on a large machine and never gives them back (the idle server: 250 to 298 MB, so 170 to 195). bench/chain.ts starts its server so too.
run(['--max-semi-space-size=16', 'server/main.ts', ...args], { NODE_ENV: 'production', NEXTMOVE_DATA: folder, ...compileCache })
