// npm run check: everything but the browser, in under five minutes on two cores. Runs all steps, then says which failed.
// npm run check -- types lint … runs the named steps only.
import { spawn } from 'node:child_process'
import { ensureInstalled, node24, root } from '../bin/lib.mjs'

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot']
const STEPS = {
  types: ['node_modules/typescript/bin/tsc', '-b'],
  lint: ['node_modules/oxlint/bin/oxlint', '--type-aware'],
  imports: ['tools/import-rules.ts'],
  words: ['tools/kernel-words.ts'],
  paths: ['tools/where-does-it-live.ts'],
  specs: ['tools/spec-rules.ts'],
  unit: [...vitest, '--project', 'unit'],
  integration: [...vitest, '--project', 'integration', '--project', 'laws'],
}

ensureInstalled({ build: true })
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in STEPS))
if (unknown.length) {
  console.error(`check: no step ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(1)
}
const outcomes = []
for (const [name, args] of Object.entries(STEPS)) if (wanted.length === 0 || wanted.includes(name)) outcomes.push(await step(name, args))
for (const { name, ok, seconds } of outcomes) console.log(`${ok ? '✓' : '✗'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`)
const failed = outcomes.filter(({ ok }) => !ok).map(({ name }) => name)
console.log(failed.length ? `check: ${failed.join(', ')} failed` : 'check: all well')
process.exit(failed.length ? 1 : 0)

function step(name, args) {
  console.log(`\n── ${name}`)
  const started = Date.now()
  const child = spawn(node24(), args, { cwd: root, stdio: 'inherit' })
  return new Promise((done) => {
    child.on('exit', (code) => done({ name, ok: code === 0, seconds: (Date.now() - started) / 1000 }))
  })
}
