// Breaks the access code in one place after another and looks whether the tests notice: `node tools/mutants.mjs [from] [to]`.
// The file is put back after each, also when it is stopped. Exit 1 when a mutant lives.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

const TESTS = [['laws', ['laws/policies.test.ts', 'laws/scope.test.ts']], ['integration', ['server/kernel/access', 'server/kernel/records/undo.test.ts']], ['laws', ['laws/non-interference.test.ts']]]
const mutants = JSON.parse(fs.readFileSync(new URL('../laws/mutants.json', import.meta.url), 'utf8'))
const [from = 0, to = mutants.length] = process.argv.slice(2).map(Number)

let broken = null
const mend = () => { if (broken) fs.writeFileSync(broken.file, broken.text); broken = null }
process.on('exit', mend)
let stopped = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stopped = true })

/** The test that fails, by name; a run that broke for another reason (no database, no time) is done once more. */
function noticedBy([project, files], again = true) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/test.mjs', '--project', project, '--bail', '1', ...files], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', LAW_RUNS: '300' } })
  if (status === 0) return null
  const [failed] = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('FAIL') && line.includes(' > '))
  if (failed) return failed.slice(failed.indexOf('FAIL') + 4).trim()
  return again ? noticedBy([project, files], false) : `${files[0]}, without a failing test`
}

const alive = []
for (const [i, { name, file, find, put }] of [...mutants.entries()].slice(from, to)) {
  // Signals are heard between two mutants.
  await new Promise((resolve) => setTimeout(resolve, 10))
  if (stopped) process.exit(1)
  const text = fs.readFileSync(file, 'utf8')
  if (!text.includes(find)) { console.log(`${i} ${name}: the place is gone`); alive.push(name); continue }
  broken = { file, text }
  fs.writeFileSync(file, text.replace(find, () => put))
  const killer = TESTS.reduce((found, tests) => found ?? noticedBy(tests), null)
  mend()
  console.log(`${i} ${name}: ${killer ? `killed by ${killer}` : 'LIVES'}`)
  if (!killer) alive.push(name)
}
console.log(`${to - from - alive.length} of ${to - from} killed`)
process.exitCode = alive.length === 0 ? 0 : 1
