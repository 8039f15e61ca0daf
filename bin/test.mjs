// npm test: every test from a fresh clone; arguments go to vitest (--project unit, a file name …).
import fs from 'node:fs'
import path from 'node:path'
import { compileCache, ensureBrowser, ensureInstalled, ensureWebBuilt, root, run } from './lib.mjs'

const args = process.argv.slice(2)
ensureInstalled({ build: true })
run(['node_modules/vitest/vitest.mjs', 'run', ...args], { ...(journeysRun() ? readyForJourneys() : {}), ...compileCache })

function journeysRun() {
  const projects = args.filter((each, i) => args[i - 1] === '--project' || each.startsWith('--project='))
  const files = args.filter((each, i) => !each.startsWith('-') && args[i - 1] !== '--project')
  const named = projects.length ? projects : files
  return fs.existsSync(path.join(root, 'journeys')) && (named.length === 0 || named.some((each) => each.includes('journeys')))
}

function readyForJourneys() {
  const browser = ensureBrowser()
  ensureWebBuilt()
  return { CHROME_PATH: browser }
}
