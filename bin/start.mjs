// npm start: from a fresh clone to a running product; arguments go to server/main.ts (--demo, --lan, --role …).
import { compileCache, dataFolder, ensureInstalled, ensureWebBuilt, givenArguments, refuseSecondStart, run, webIsBuilt } from './lib.mjs'

const args = givenArguments()
const folder = dataFolder(args)
if (!process.env.DATABASE_URL) refuseSecondStart(folder)
ensureInstalled({ build: !webIsBuilt() })
ensureWebBuilt()
run(['server/main.ts', ...args], { NODE_ENV: 'production', NEXTMOVE_DATA: folder, ...compileCache })
