// Every rule of a room's SPEC.md has a test, and every test of that room cites a rule at the start of its title.
// With folders as arguments (server/kernel/records …) it looks at those rooms only.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const ROOMS = ['packages/language', 'server/platform', 'server/kernel', 'server/channels']

interface Room {
  path: string
  rules: string[]
}

/** A test as vitest collects it, so that titles from tables of cases count too. */
interface Test {
  file: string
  title: string
}

const asked = process.argv.slice(2).map((folder) => folder.replace(/\/$/, ''))
const rooms = [...ROOMS.flatMap(roomsIn), ...roomsIn('server')].filter(({ path }) => asked.length === 0 || asked.includes(path))
const tests = collectTests()
const misses = [...rooms.flatMap(missingTests), ...rooms.flatMap(missingRules), ...rooms.flatMap(doubleRules)]
misses.forEach((miss) => console.error(miss))
const without = unspecified()
if (without.length && asked.length === 0) console.log(`spec rules: rooms without SPEC.md: ${without.join(', ')}`)
const count = rooms.reduce((sum, room) => sum + room.rules.length, 0)
console.log(`spec rules: ${rooms.length} rooms, ${count} rules, ${tests.length} tests, ${misses.length} misses`)
process.exit(misses.length > 0 ? 1 : 0)

function roomsIn(folder: string): Room[] {
  return subfolders(folder).flatMap((room) => {
    const spec = path.join(root, room, 'SPEC.md')
    return fs.existsSync(spec) ? [{ path: room, rules: rulesIn(fs.readFileSync(spec, 'utf8')) }] : []
  })
}

function subfolders(folder: string): string[] {
  if (!fs.existsSync(path.join(root, folder))) return []
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).filter((each) => each.isDirectory()).map((each) => `${folder}/${each.name}`)
}

/** `W7 …`, `- **W7** …`, `### W7 …` and `| W7 | …` at the start of a line. */
function rulesIn(spec: string): string[] {
  return [...spec.matchAll(/^(?:[-*|] *|#+ *)?(?:\*\*|`)?([A-Z]{1,3}\d+[a-z]?)(?:\*\*|`)?(?=[\s.:：,|*–—])/gm)].map((match) => match[1]!)
}

function collectTests(): Test[] {
  const list = path.join(root, '.cache/tests.json')
  fs.mkdirSync(path.dirname(list), { recursive: true })
  fs.rmSync(list, { force: true })
  const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--no-static-parse', `--json=${list}`]
  if (asked.length) vitest.push(...asked.map((room) => `${room}/`), 'laws/', 'journeys/')
  const { status, stderr, stdout } = spawnSync(process.execPath, vitest, { cwd: root, encoding: 'utf8' })
  if (status !== 0 || !fs.existsSync(list)) {
    console.error(`spec rules: tests cannot be collected\n${stdout}\n${stderr}`)
    process.exit(1)
  }
  const found = JSON.parse(fs.readFileSync(list, 'utf8')) as { name: string; file: string }[]
  return found.map(({ name, file }) => ({ file: path.relative(root, file), title: name }))
}

function missingTests({ path: room, rules }: Room): string[] {
  const cited = new Set(tests.filter(({ file }) => isIn(room, file) || /^(laws\/|journeys\/|server\/main\.test)/.test(file)).flatMap(citations))
  return rules.filter((rule) => !cited.has(rule)).map((rule) => `${room}/SPEC.md  ${rule} has no test`)
}

function missingRules({ path: room, rules }: Room): string[] {
  const uncited = tests.filter((test) => isIn(room, test.file) && !citations(test).some((rule) => rules.includes(rule)))
  return uncited.map(({ file, title }) => `${file}  cites no rule of ${room}/SPEC.md: ${title}`)
}

function doubleRules({ path: room, rules }: Room): string[] {
  return rules.filter((rule, i) => rules.indexOf(rule) !== i).map((rule) => `${room}/SPEC.md  ${rule} stands twice`)
}

/** The rules at the start of a title or of a group around it: `W7 …`, `W7 W8 …`, `W7, W8: …`. */
function citations({ title }: Test): string[] {
  return title.split(' > ').flatMap((part) => /^(?:[A-Z]{1,3}\d+[a-z]?(?=$|[\s,:：/+])[\s,:：/+]*)+/.exec(part)?.[0].match(/[A-Z]{1,3}\d+[a-z]?/g) ?? [])
}

function isIn(room: string, file: string): boolean {
  return file.startsWith(`${room}/`)
}

function unspecified(): string[] {
  const specified = new Set(rooms.map((room) => room.path))
  const withCode = (room: string) => fs.existsSync(path.join(root, room, 'index.ts'))
  return ROOMS.slice(0, 3).flatMap(subfolders).filter((room) => !specified.has(room) && withCode(room))
}
