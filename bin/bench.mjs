// npm run bench: what we promise, measured (bench/README.md); arguments go to bench/main.ts (names, --record).
import { ensureInstalled, root, run } from './lib.mjs'

ensureInstalled({ build: true })
run([`${root}/bench/main.ts`, ...process.argv.slice(2)], { NODE_ENV: 'production' })
