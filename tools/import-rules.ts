// Imports run downhill and rooms are entered by their doors. Proves itself on planted breaches first.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readModules } from './imports/read.ts'
import { type Breach, breachesOf } from './imports/rules.ts'

const root = path.resolve(import.meta.dirname, '..')

/** A file that breaks exactly one rule, and the rule's name. A cycle is reported at its first file. */
const PLANTED: [rule: string, file: string, text: string][] = [
  ['downhill', 'server/platform/clock/index.ts', `import '#kernel/records'`],
  ['downhill', 'packages/language/values/index.ts', `export * from '#contract'`],
  ['downhill', 'web/app/main.tsx', `import type { Db } from '#platform/db'`],
  ['downhill', 'server/kernel/paths/index.ts', `import crm from '#solutions/crm/index.ts'`],
  ['kernel order', 'server/kernel/metadata/index.ts', `import '#kernel/access'`],
  ['kernel order', 'server/kernel/intake/index.ts', `const room = await import('#kernel/delivery')`],
  ['kernel order', 'server/kernel/cellar/index.ts', ``],
  ['door', 'server/kernel/records/index.ts', `import { secret } from '../access/inner.ts'`],
  ['door', 'laws/isolation.test.ts', `import '../server/kernel/access/inner.ts'`],
  ['pg', 'server/kernel/changes/index.ts', `import pg from 'pg'`],
  ['node', 'packages/contract/index.ts', `import 'node:fs'`],
  ['egress', 'server/channels/sms/index.ts', `await fetch('https://example.com')`],
  ['egress', 'server/channels/email/index.ts', `import 'undici'`],
  ['tests', 'server/api/index.ts', `import '../../test/database.ts'`],
  ['cycle', 'packages/language/conditions/ast.ts', `import '../definitions/object.ts'`],
  ['cycle', 'server/platform/jobs/index.ts', `import '#platform/files'`],
]
const INNOCENT: [file: string, text: string][] = [
  ['packages/language/definitions/object.ts', `import '../conditions/ast.ts'`],
  ['server/platform/files/index.ts', `import '#platform/jobs'`],
  ['server/kernel/access/inner.ts', `import '#kernel/metadata'\nimport '#platform/clock'\nexport const secret = 1`],
  ['server/kernel/access/index.ts', `export * from './inner.ts'`],
]

provePlanted()
report(readModules(root))

function provePlanted(): void {
  const planted = fs.mkdtempSync(path.join(os.tmpdir(), 'nextmove-planted-'))
  try {
    fs.copyFileSync(path.join(root, 'package.json'), path.join(planted, 'package.json'))
    for (const [file, text] of [...PLANTED.map(([, ...rest]) => rest), ...INNOCENT]) write(path.join(planted, file), text)
    compare(breachesOf(readModules(planted)))
  } finally {
    fs.rmSync(planted, { recursive: true })
  }
}

function compare(found: Breach[]): void {
  const missed = PLANTED.filter(([rule, file]) => rule !== 'cycle' && !found.some((each) => each.rule === rule && each.at.startsWith(file)))
  if (missed.length === 0 && found.length === PLANTED.length) return
  console.error('import rules: the checker is broken; it missed', missed, 'and found', found)
  process.exit(1)
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}

function report(modules: ReturnType<typeof readModules>): void {
  const breaches = breachesOf(modules)
  for (const { at, rule, why } of breaches) console.error(`${at}  [${rule}] ${why}`)
  const imports = modules.reduce((sum, module) => sum + module.imports.length, 0)
  console.log(`import rules: ${modules.length} modules, ${imports} imports, ${PLANTED.length} planted breaches caught, ${breaches.length} breaches`)
  process.exit(modules.length === 0 || breaches.length > 0 ? 1 : 0)
}
