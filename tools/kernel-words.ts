// The kernel knows no trade: its sources speak of records, not of leads. `kernel-words: ok <reason>` excuses a line.
import fs from 'node:fs'
import path from 'node:path'

const ROOTS = ['packages/language', 'server/platform', 'server/kernel']

const ENGLISH = [
  'leads?',
  'deals?',
  'opportunit(y|ies)',
  'customers?',
  'prospects?',
  'quotations?',
  // quote_ident and its sisters are SQL.
  'quotes?(?! ?(ident|identifier|literal|nullable))',
  'contracts?',
  'invoices?',
  'salesperson',
  'salesm[ae]n',
  'crm',
]
const CHINESE = ['线索', '商机', '客户(?!端)', '报价', '合同', '回款', '成交', '销售']

const WORDS = new RegExp(`\\b(${ENGLISH.join('|')})\\b|${CHINESE.join('|')}`, 'i')
const EXCUSE = /kernel-words: ok \S+/

interface Finding {
  at: string
  word: string
}

prove()
report()

function prove(): void {
  const caught = ['const leadScore = 1', 'drop table customers', 'x.quote_total', '// 分配线索', "import '../crm/x.ts'"]
  const passed = ['the leading zero', 'misleads', 'select quote_ident(x)', "from '#contract'", '客户端', 'lead // kernel-words: ok a melody']
  const wrong = [...caught.filter((line) => !wordIn(line, '')), ...passed.filter((line) => wordIn(line, ''))]
  if (wrong.length === 0) return
  console.error('kernel words: the checker is broken on', wrong)
  process.exit(1)
}

function report(): void {
  const root = path.resolve(import.meta.dirname, '..')
  const files = ROOTS.flatMap((folder) => sources(path.join(root, folder)))
  const findings = files.flatMap((file) => findingsIn(file, path.relative(root, file)))
  for (const { at, word } of findings) console.error(`${at}  a word of the trade: ${word}`)
  console.log(`kernel words: ${files.length} files, ${findings.length} words of the trade`)
  process.exit(findings.length > 0 ? 1 : 0)
}

function sources(folder: string): string[] {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((each) => path.join(each.parentPath, each.name))
    .filter((file) => /\.(ts|sql)$/.test(file) && !/\.test\.ts$|\/testing\//.test(file))
}

function findingsIn(file: string, name: string): Finding[] {
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, i) => {
    const word = wordIn(line, lines[i - 1] ?? '')
    return word ? [{ at: `${name}:${i + 1}`, word }] : []
  })
}

function wordIn(line: string, above: string): string | null {
  if (EXCUSE.test(line) || EXCUSE.test(above)) return null
  return WORDS.exec(inWords(line.replace(/#contract|packages\/contract/g, '')))?.[0] ?? null
}

/** leadScore and lead_score are two words each. */
function inWords(line: string): string {
  return line.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
}
