// Opens every path that ARCHITECTURE.md's table "Where does it live?" names.
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const document = path.join(root, 'ARCHITECTURE.md')

const paths = fs.existsSync(document) ? pathsIn(fs.readFileSync(document, 'utf8')) : []
const missing = paths.filter((each) => !fs.existsSync(path.join(root, each)))
missing.forEach((each) => console.error(`ARCHITECTURE.md  names a path that is not there: ${each}`))
console.log(fs.existsSync(document) ? `where does it live: ${paths.length} paths, ${missing.length} missing` : 'where does it live: no ARCHITECTURE.md yet')
const tableIsEmpty = fs.existsSync(document) && paths.length === 0
if (tableIsEmpty) console.error('ARCHITECTURE.md  has no table "Where does it live?" with paths in backticks')
process.exit(missing.length > 0 || tableIsEmpty ? 1 : 0)

function pathsIn(text: string): string[] {
  const section = text.split(/^#+ .*where does it live.*$/im)[1]?.split(/^#+ /m)[0] ?? ''
  const quoted = section.split('\n').filter((line) => line.startsWith('|')).flatMap((row) => row.match(/`[^`]+`/g) ?? [])
  return quoted.map((each) => each.slice(1, -1)).filter((each) => /^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(each) && each.includes('/'))
}
