import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { zh } from '../../i18n/zh/index.ts'
import { light } from '../../i18n/zh/light.ts'

const WEB = path.resolve(import.meta.dirname, '../..')
/** `import type` leaves nothing behind; the desktop brings its own words. */
const STATIC = /^(?:import|export) (?!type )[^'\n]*?from '(\.[^']+\.tsx?)'/gm
const DYNAMIC = /(?<!(?:later|withWords)\(\(\) => |later\(async \(\) => \(\{ default: \(await )import\('(\.[^']+\.tsx?)'\)/g

/** Everything that may run before the other words have come. */
function early(file: string, seen = new Set<string>(), dynamic = DYNAMIC): Set<string> {
  if (seen.has(file) || file === path.join(WEB, 'main.tsx') || file.includes('/i18n/')) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const way of [STATIC, dynamic]) for (const [, to] of text.matchAll(way)) early(path.resolve(path.dirname(file), to!), seen, dynamic)
  return seen
}

test('the first screen of the phone has every word it says', () => {
  const files = [...early(path.join(WEB, 'phone/main.tsx'))]
  expect(files.length).toBeGreaterThan(30)
  const said = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/['`](\w+)\.\w*[$'`]/g)].map(([, area]) => ({ area: area!, file: path.relative(WEB, file) })))
  expect(said.length).toBeGreaterThan(20)
  expect(said.filter(({ area }) => area in zh && !(area in light))).toEqual([])
})

test('nothing the phone shows leans on the router of the desk', () => {
  const files = [...early(path.join(WEB, 'phone/main.tsx'), new Set(), /import\('(\.[^']+\.tsx?)'\)/g)]
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => /^import (?!type ).*@tanstack\/react-router'/m.test(readFileSync(file, 'utf8'))).map((file) => path.relative(WEB, file))).toEqual([])
})
