import { Refused, refused } from '#contract'
import { lensOf, type Context } from '#kernel/access'
import { getRecord, listRecords, PAGE_LIMIT, type RecordView } from '#kernel/records'
import type { Condition } from '#language/conditions'
import { fillPlaceholders, type Paper, type PaperPart, type PrintBlock, type PrintTemplate, type PrintTerm } from '#language/definitions'
import { addDecimal, capitalYuan, dayOf, exactYuan } from '#language/values'
import { amountIn, fieldOf, plainText, speakerFor, type ShownField, type Speaker } from './show.ts'

/** No table goes on longer; the paper says so. */
const MOST_ROWS = 2_000

/** A template without roles is everybody's who sees the record. */
export const mayPrint = (mine: readonly string[], roles: readonly string[] | undefined): boolean => roles === undefined || roles.some((role) => mine.includes(role))

/**
 * What a template says of one record, through the reader's lens: what is hidden from them is not on the paper, label and all.
 * Refused NOT_FOUND. One statement for the record, one per table or sum and page of 200, one per object referred to.
 */
export async function paperOf(ctx: Context, template: PrintTemplate, id: string): Promise<Paper> {
  const record = await getRecord(ctx, template.object, id)
  const children = await childrenFor(ctx, template, record.id)
  const speaker = await speakerFor(ctx, [record, ...[...children.values()].flatMap((each) => each?.rows ?? [])])
  const page: Page = { ctx, record, children, speaker }
  return {
    title: filled(page, template.title).trim() || template.label[langOf(ctx)],
    footer: filled(page, template.footer ?? ''),
    parts: template.blocks.flatMap((block) => partOf(page, block) ?? []),
  }
}

/** The template of an object that this member may print with. Refused NOT_FOUND, the same for unknown and not theirs. */
export function templateFor(ctx: Context, object: string, key: string): PrintTemplate {
  const template = ctx.metadata.prints.get(key)
  const mine = ctx.principal.kind === 'member' ? ctx.principal.member.roles : []
  return template?.object === object && lensOf(ctx, object).can('read') && mayPrint(mine, template.roles) ? template : refused('NOT_FOUND')
}

interface Page { ctx: Context; record: RecordView; children: ReadonlyMap<string, Children | null>; speaker: Speaker }
interface Children { rows: RecordView[]; cut: boolean }
interface ChildQuery { object: string; via: string; filter?: Condition | undefined; sort?: { field: string; direction: 'asc' | 'desc' } | undefined }

const langOf = (ctx: Context) => ctx.request?.lang ?? 'zh'
const keyOf = ({ object, via, filter, sort }: ChildQuery): string => JSON.stringify([object, via, filter ?? null, sort ?? null])

/** Null: not this reader's to see. */
async function childrenFor(ctx: Context, { object, blocks }: PrintTemplate, id: string): Promise<Map<string, Children | null>> {
  const queries = blocks.flatMap(queriesOf)
  const found = new Map<string, Children | null>()
  for (const query of queries) if (!found.has(keyOf(query))) found.set(keyOf(query), await childrenOf(ctx, query, { object, id }))
  return found
}

function queriesOf(block: PrintBlock): ChildQuery[] {
  if (block.kind === 'table') return [block]
  if (block.kind !== 'totals') return []
  return block.lines.flatMap(({ terms }) => terms.flatMap((term): ChildQuery[] => ('sum' in term ? [{ object: term.object, via: term.via, filter: term.filter }] : [])))
}

async function childrenOf(ctx: Context, { object, via, filter, sort }: ChildQuery, parent: { object: string; id: string }): Promise<Children | null> {
  const lens = lensOf(ctx, object)
  const link = lens.field(via)
  if (!lens.can('read') || !link) return null
  const met: Condition = { all: [{ field: via, op: 'eq', value: link.kind === 'anyReference' ? `${parent.object}:${parent.id}` : parent.id }, ...(filter ? [filter] : [])] }
  const rows: RecordView[] = []
  for (let cursor: string | undefined | null; cursor !== null && rows.length < MOST_ROWS;) {
    const page = await listRecords(ctx, object, { filter: met, sort: sort && lens.field(sort.field) ? [sort] : undefined, limit: PAGE_LIMIT, cursor: cursor ?? undefined }).catch(hiddenIsNone)
    if (!page) return null
    rows.push(...page.records)
    cursor = page.next
    if (cursor && rows.length >= MOST_ROWS) return { rows, cut: true }
  }
  return { rows, cut: false }
}

/** A filter by something hidden from the reader leaves nothing that may be shown. */
function hiddenIsNone(error: unknown): null {
  if (error instanceof Refused && (error.refusal.code === 'CONDITION_INVALID' || error.refusal.code === 'FIELD_NOT_AVAILABLE')) return null
  throw error
}

function partOf(page: Page, block: PrintBlock): PaperPart | null {
  switch (block.kind) {
    case 'company': return companyOf(page, block)
    case 'heading': { const text = filled(page, block.text).trim(); return text ? { kind: 'heading', text, level: block.level } : null }
    case 'text': { const text = filled(page, block.text); return text.trim() ? { kind: 'text', text } : null }
    case 'fields': return fieldsOf(page, block)
    case 'table': return tableOf(page, block)
    case 'totals': return totalsOf(page, block)
    case 'signature': return { kind: 'signature', parties: block.parties.map((label) => label[langOf(page.ctx)]) }
  }
}

type Block<K extends PrintBlock['kind']> = Extract<PrintBlock, { kind: K }>

/** What the template says goes before what the company says of itself. */
function companyOf({ ctx }: Page, block: Block<'company'>): PaperPart {
  const { name, address, taxNo, phone, bank, logo } = { ...ctx.metadata.letterhead, ...block }
  const words = HEAD[langOf(ctx)]
  const lines = [address && `${words.address}${address}`, [taxNo && `${words.taxNo}${taxNo}`, phone && `${words.phone}${phone}`].filter(Boolean).join('    '), bank && `${words.bank}${bank}`]
  return { kind: 'company', name: name || ctx.tenant.name, lines: lines.filter((line): line is string => Boolean(line)), logo: logo ?? null }
}
const HEAD = { zh: { address: '地址：', taxNo: '税号：', phone: '电话：', bank: '开户行及账号：' }, en: { address: 'Address: ', taxNo: 'Tax no.: ', phone: 'Phone: ', bank: 'Bank and account: ' } } as const

function fieldsOf(page: Page, { columns, fields }: Block<'fields'>): PaperPart | null {
  const rows = fields.flatMap(({ field: path, label, capital }) => {
    const found = at(page, path)
    return found ? [{ label: (label ?? found.field.label)[langOf(page.ctx)], value: capital ? (capitalYuan(amountIn(found.value)) ?? '') : found.text }] : []
  })
  return rows.length > 0 ? { kind: 'fields', columns, rows } : null
}

/** A field at a path; undefined when any step of it is hidden from the reader. */
function at({ ctx, record, speaker }: Page, path: string): { field: ShownField; value: unknown; text: string } | undefined {
  const [key = '', beyond] = path.split('.')
  const field = fieldOf(ctx, record.object, key)
  if (!field) return undefined
  const value = key === 'tags' ? record.tags : record.values[key]
  if (beyond === undefined) return { field, value, text: speaker.text(field, value) }
  const targets = ctx.metadata.objects.has(String(field.to)) ? [String(field.to)] : [field.to ?? []].flat()
  const target = targets.map((object) => speaker.record(object, plainText(value))).find(Boolean)
  const far = fieldOf(ctx, target?.object ?? targets[0] ?? '', beyond)
  return far && { field: far, value: target?.values[beyond], text: speaker.text(far, target?.values[beyond]) }
}

const filled = (page: Page, text: string): string => fillPlaceholders(text, ({ path, capital }) => {
  if (path.startsWith('$')) return wordOf(page, path)
  const found = at(page, path)
  return !found ? '' : capital ? (capitalYuan(amountIn(found.value)) ?? '') : found.text
})

function wordOf({ ctx }: Page, path: string): string {
  if (path === '$company') return ctx.metadata.letterhead?.name || ctx.tenant.name
  if (path === '$today') return dayOf(ctx.now.getTime(), ctx.tenant.zone)
  return path === '$me' && ctx.principal.kind === 'member' ? ctx.principal.member.name : ''
}

const NUMBERS = new Set(['money', 'decimal', 'integer', 'percent'])
const WIDE: Readonly<Record<string, number>> = { text: 3, long: 4, reference: 3, anyReference: 3, multiselect: 2, url: 3, email: 2, datetime: 2, money: 2, phone: 2 }

function tableOf({ ctx, children, speaker }: Page, block: Block<'table'>): PaperPart | null {
  const found = children.get(keyOf(block))
  const shown = block.columns.flatMap((key) => fieldOf(ctx, block.object, key) ?? [])
  if (!found || shown.length === 0) return null
  const lang = langOf(ctx)
  const columns = [{ label: lang === 'zh' ? '序号' : 'No.', right: false, wide: 0.8 }, ...shown.map(({ kind, label }) => ({ label: label[lang], right: NUMBERS.has(kind), wide: WIDE[kind] ?? 1.5 }))]
  const rows = found.rows.map((row, i) => [String(i + 1), ...shown.map((field) => speaker.text(field, field.key === 'tags' ? row.tags : row.values[field.key]))])
  const sums = block.sum?.length ? [lang === 'zh' ? '合计' : 'Total', ...shown.map((field) => (block.sum!.includes(field.key) && NUMBERS.has(field.kind) ? speaker.text(field, total(found.rows, field.key)) : ''))] : null
  return { kind: 'table', title: block.title?.[lang] ?? null, columns, rows, sums, cut: found.cut }
}

const total = (rows: readonly RecordView[], key: string): string => rows.reduce((sum, { values }) => (values[key] === null || values[key] === undefined ? sum : addDecimal(sum, amountIn(values[key]))), '0')

/** A line that would rest on something hidden is not there: a wrong sum is worse than none. */
function totalsOf(page: Page, { lines }: Block<'totals'>): PaperPart | null {
  const shown = lines.flatMap(({ label, terms, capital }) => {
    const amounts = terms.map((term) => amountOf(page, term))
    if (amounts.includes(null)) return []
    const amount = amounts.reduce<string>((sum, each) => addDecimal(sum, each!), '0')
    return [{ label: label[langOf(page.ctx)], value: exactYuan(amount), words: capital ? capitalYuan(amount) : null }]
  })
  return shown.length > 0 ? { kind: 'totals', lines: shown } : null
}

function amountOf(page: Page, term: PrintTerm): string | null {
  const signed = (value: string) => (term.minus ? (value.startsWith('-') ? value.slice(1) : `-${value}`) : value)
  if ('field' in term) { const found = at(page, term.field); return found ? signed(amountIn(found.value)) : null }
  const found = page.children.get(keyOf({ object: term.object, via: term.via, filter: term.filter }))
  return !found || found.cut || !fieldOf(page.ctx, term.object, term.sum) ? null : signed(total(found.rows, term.sum))
}
