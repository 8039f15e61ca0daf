import { COMPANY_LETTERHEAD, type Letterhead, placeholdersIn, PRINT_WORDS, type PrintBlock, type PrintTemplate, type PrintTerm } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'

/** Every field that the paper names exists, and every table hangs on the printed record. */
export const checkPrint = ({ object, title, blocks, footer, roles }: PrintTemplate, reader: Reader): Finding[] =>
  findings(
    reader.object('object', object),
    roles?.flatMap((role, i) => reader.role(`roles.${i}`, role)),
    checkText('title', object, title, reader),
    footer !== undefined && checkText('footer', object, footer, reader),
    blocks.flatMap((block, i) => checkBlock(`blocks.${i}`, object, block, reader)),
  )

function checkBlock(at: string, object: string, block: PrintBlock, reader: Reader): Finding[] {
  switch (block.kind) {
    case 'heading': case 'text': return checkText(`${at}.text`, object, block.text, reader)
    case 'fields': return block.fields.flatMap(({ field }, i) => checkPath(`${at}.fields.${i}`, object, field, reader))
    case 'table': return findings(
      checkChildren(at, object, block, reader),
      block.columns.flatMap((key, i) => reader.field(`${at}.columns.${i}`, block.object, key)),
      block.sort && reader.field(`${at}.sort`, block.object, block.sort.field),
      block.sum?.flatMap((key, i) => reader.field(`${at}.sum.${i}`, block.object, key, 'money', 'decimal', 'integer')),
    )
    case 'totals': return block.lines.flatMap(({ terms }, i) => terms.flatMap((term, j) => checkTerm(`${at}.lines.${i}.terms.${j}`, object, term, reader)))
    default: return []
  }
}

const checkChildren = (at: string, object: string, child: { object: string; via: string; filter?: unknown }, reader: Reader): Finding[] =>
  findings(
    reader.object(`${at}.object`, child.object),
    reader.referenceTo(`${at}.via`, child.object, child.via, object),
    child.filter !== undefined && reader.condition(`${at}.filter`, child.object, child.filter, 'filter'),
  )

const checkTerm = (at: string, object: string, term: PrintTerm, reader: Reader): Finding[] =>
  'field' in term ? checkPath(at, object, term.field, reader) : findings(checkChildren(at, object, term, reader), reader.field(`${at}.sum`, term.object, term.sum, 'money', 'decimal', 'integer'))

const checkText = (at: string, object: string, text: string, reader: Reader): Finding[] =>
  placeholdersIn(text).flatMap(({ path }) => (PRINT_WORDS.includes(path) ? [] : path.startsWith('$') ? [finding(at, `没有「${path}」这个占位词`, `There is no placeholder “${path}”`)] : checkPath(at, object, path, reader)))

function checkPath(at: string, object: string, path: string, reader: Reader): Finding[] {
  const [key = '', beyond] = path.split('.')
  if (beyond === undefined) return reader.field(at, object, key)
  const wrong = reader.field(at, object, key, 'reference')
  return wrong.length > 0 ? wrong : reader.targetsOf(object, key).flatMap((target) => reader.field(at, target, beyond))
}

export const checkLetterhead = ({ key }: Letterhead): Finding[] =>
  findings(key !== COMPANY_LETTERHEAD && finding('key', `公司抬头只有一份，标识是「${COMPANY_LETTERHEAD}」`, `There is one letterhead; its key is “${COMPANY_LETTERHEAD}”`))
