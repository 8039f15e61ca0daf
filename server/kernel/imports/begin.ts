import { refused } from '#contract'
import { lensOf, type Context } from '#kernel/access'
import { appendChanges } from '#kernel/changes'
import { actOf } from '#kernel/records'
import { ids, type Database, type Tenant } from '#platform/db'
import { readSheet, formatOf, type SheetRow } from '#platform/sheets'
import { announceImport } from './news.ts'
import { guessMapping, importFields, keyFields, rememberedMapping } from './fields.ts'
import { ownersOffered } from './owners.ts'
import { enterImport, enterRows, forgetOutcomes, importAt, lastMatched, lockImport, setState } from './store.ts'
import type { ColumnMapping, Import, ImportOptions, ImportState } from './types.ts'

export const MOST_ROWS = 50_000

/** May this member bring records of this object in? Refused NOT_FOUND, FORBIDDEN. */
export function checkMayImport(ctx: Context, object: string): void {
  const lens = lensOf(ctx, object)
  if (!lens.can('read')) refused('NOT_FOUND')
  if (!lens.can('import') || !lens.can('create')) refused('FORBIDDEN')
}

export interface GivenFile { object: string; name: string; content: Buffer }

/**
 * Read a file and keep its rows, its columns matched as they were the last time or by their names. Nothing is brought in yet.
 * `within`: opens a context of the importer in a transaction of its own; rows are kept some at a time. Refused as checkMayImport, SHEET_UNREADABLE, SHEET_TOO_LONG.
 */
export async function takeFile({ db, tenant, within }: { db: Database; tenant: Tenant; within(tx: Context['tx']): Promise<Context> }, { object, name, content }: GivenFile): Promise<string> {
  await db.read(tenant, async (tx) => checkMayImport(await within(tx), object))
  const [id, format] = [ids.next(), formatOf(content, name)]
  let heads: string[] | null = null
  let rows = 0
  try {
    let waiting: SheetRow[] = []
    const keep = async () => { const kept = waiting.map(({ n, cells }) => ({ n, cells: heads!.map((_, i) => cells[i] ?? '') })); waiting = []; await db.mutate(tenant, (tx) => enterRows(tx, id, kept)) }
    for await (const some of readSheet(content, name)) {
      waiting.push(...some)
      if (heads === null && waiting.length < HEAD_LOOK) continue
      if (heads === null) [heads, waiting] = headed(waiting)
      if (waiting.length < TOGETHER) continue
      rows += waiting.length
      if (rows > MOST_ROWS) refused('SHEET_TOO_LONG', undefined, { most: MOST_ROWS })
      await keep()
    }
    if (heads === null) [heads, waiting] = headed(waiting)
    rows += waiting.length
    if (rows > MOST_ROWS) refused('SHEET_TOO_LONG', undefined, { most: MOST_ROWS })
    if (rows === 0) refused('SHEET_UNREADABLE', undefined, { name, reason: '表头下面没有数据', reasonEn: 'there is nothing below its heads' })
    await keep()
    await db.mutate(tenant, async (tx) => begin(await within(tx), { id, object, name, format, heads: heads!, rows }))
    return id
  } catch (error) {
    await db.mutate(tenant, (tx) => tx.query('delete from {t}.import_row where import = $1', [id]))
    throw error
  }
}

const TOGETHER = 1_000
const HEAD_LOOK = 6

/** A title above the heads stands alone in its row; the first row with two cells or more holds the heads. */
function headed(rows: readonly SheetRow[]): [string[], SheetRow[]] {
  const filled = ({ cells }: SheetRow) => cells.filter((cell) => cell.trim() !== '').length
  const at = Math.max(0, rows.slice(0, HEAD_LOOK).findIndex((row) => filled(row) >= 2))
  const [head, ...rest] = rows.slice(rows.some((row) => filled(row) >= 2) ? at : 0)
  const width = Math.max(head?.cells.length ?? 0, ...rest.map(({ cells }) => cells.length))
  return [Array.from({ length: width }, (_, i) => head?.cells[i]?.replace(/\s+/g, ' ').trim() ?? ''), rest]
}

async function begin(ctx: Context, { id, object, name, format, heads, rows }: { id: string; object: string; name: string; format: Import['format']; heads: readonly string[]; rows: number }): Promise<void> {
  const member = ctx.principal.kind === 'member' ? ctx.principal.member.id : refused('FORBIDDEN')
  const last = await lastMatched(ctx, object, member)
  const mapping = guessMapping(importFields(ctx, object), { heads, before: last ? rememberedMapping(last.heads, last.mapping) : new Map(), title: ctx.metadata.objects.get(object)!.title })
  const key = keyFields(ctx, object).find((field) => mapping.includes(field.key))
  const { id: request = '', ip = null, agent = null, lang = 'zh' } = ctx.request ?? {}
  await enterImport(ctx.tx, {
    id, object, member, file: name, format, heads, rows, mapping, facts: { id: request, ip, agent, lang },
    options: { duplicates: key ? 'skip' : 'create', key: key?.key ?? null, owner: mapping.includes('owner') && ownersOffered(ctx, object).some(({ from }) => from === 'column') ? 'column' : 'me', policy: null, rules: false },
  })
}

const BEFORE: readonly ImportState[] = ['draft', 'checked']

/** Match columns otherwise, choose otherwise. What a trial run found out before is forgotten. Refused NOT_FOUND, IMPORT_NOT_NOW, IMPORT_MAPPING. */
export async function changeImport(ctx: Context, id: string, { mapping, options }: { mapping: ColumnMapping; options: ImportOptions }): Promise<Import> {
  const given = await mine(ctx, id)
  if (!BEFORE.includes(given.state)) notNow('修改', 'changed')
  checkMapping(ctx, given, mapping)
  checkOptions(ctx, given.object, mapping, options)
  await ctx.tx.query(`update {t}.import set mapping = $2, options = $3, facts = facts || jsonb_build_object('lang', $4::text) where id = $1`, [id, JSON.stringify(mapping), JSON.stringify(options), ctx.request?.lang ?? 'zh'])
  if (given.state === 'checked') await setState(ctx.tx, id, 'draft', { anew: true })
  return (await importAt(ctx.tx, id))!
}

function checkMapping(ctx: Context, { object, heads }: Import, mapping: ColumnMapping): void {
  const known = new Set(importFields(ctx, object).map(({ key }) => key))
  if (mapping.length !== heads.length) incomplete('列数与文件不符', 'the number of columns differs from the file')
  for (const [i, key] of mapping.entries()) {
    if (key === null) continue
    if (!known.has(key)) refused('FIELD_NOT_AVAILABLE', `mapping.${i}`, { field: key })
    if (mapping.indexOf(key) !== i) incomplete(`「${heads[i]}」和「${heads[mapping.indexOf(key)]}」对应到同一个字段`, 'two columns are matched to one field')
  }
}

function checkOptions(ctx: Context, object: string, mapping: ColumnMapping, { duplicates, key, owner, policy }: ImportOptions): void {
  if (duplicates !== 'create' && (key === null || !mapping.includes(key))) incomplete('请选一个已对应的字段来识别重复', 'choose a matched field by which records are recognised')
  if (key !== null && !keyFields(ctx, object).some((field) => field.key === key)) refused('FIELD_NOT_AVAILABLE', 'options.key', { field: key })
  const offered = ownersOffered(ctx, object).find(({ from }) => from === owner)
  if (!offered || (owner === 'policy' && !offered.policies.some((each) => each.key === policy))) refused('FORBIDDEN', 'options.owner')
  if (owner === 'column' && !mapping.includes('owner')) incomplete('请把一列对应到「负责人」', 'match a column to the owner')
}

const incomplete = (reason: string, reasonEn: string): never => refused('IMPORT_MAPPING', undefined, { reason, reasonEn })
const notNow = (act: string, actEn: string): never => refused('IMPORT_NOT_NOW', undefined, { act, actEn })

/** Begin a trial run or the import itself. Refused NOT_FOUND, IMPORT_NOT_NOW, IMPORT_MAPPING when nothing is matched or a required field is not. */
export async function startImport(ctx: Context, id: string, what: 'check' | 'run'): Promise<void> {
  const given = await mine(ctx, id)
  if (!BEFORE.includes(given.state)) notNow(what === 'check' ? '试运行' : '开始', what === 'check' ? 'tried' : 'started')
  checkOptions(ctx, given.object, given.mapping, given.options)
  if (!given.mapping.some((key) => key !== null)) incomplete('还没有任何列对应到字段', 'no column is matched to a field')
  const missing = given.options.duplicates === 'update' ? undefined : importFields(ctx, given.object).find(({ key, required }) => required && !given.mapping.includes(key) && ctx.metadata.objects.get(given.object)!.field.get(key)?.default === undefined)
  if (missing) incomplete(`必填的「${missing.label.zh}」没有对应的列`, `the required “${missing.label.en}” has no column`)
  await forgetOutcomes(ctx.tx, id)
  await setState(ctx.tx, id, what === 'check' ? 'checking' : 'running', { anew: true, begun: what === 'run' })
  if (what === 'run') await log(ctx, given)
  announceImport(ctx.tx)
}

const WAYS: Readonly<Record<ImportOptions['duplicates'], string>> = { skip: '重复的跳过', update: '重复的更新', create: '每行新建' }

/** That somebody brought a file in stands in the log for ever. */
async function log(ctx: Context, { id, object, file, rows, options }: Import): Promise<void> {
  const fields = { object: [null, ctx.metadata.objects.get(object)!.label.zh], file: [null, file], rows: [null, rows], way: [null, `${WAYS[options.duplicates]}${options.rules ? (options.atOnce ? '，逐条立即执行自动化规则' : '，执行自动化规则') : ''}`] } as const
  await appendChanges(ctx, [actOf(ctx)], [{ act: 0, object: 'system:import', record: id, recordVersion: 1, event: 'created', fields, todo: false }])
}

/** A trial run is dropped; an import stops where it is, and what it has brought in stays until it is undone. */
export async function cancelImport(ctx: Context, id: string): Promise<void> {
  const given = await mine(ctx, id)
  if (given.state === 'checking') return setState(ctx.tx, id, 'draft', { anew: true })
  if (given.state !== 'running') notNow('停止', 'stopped')
  await setState(ctx.tx, id, 'cancelled', { ended: true })
}

const TAKEN_IN: readonly ImportState[] = ['done', 'cancelled', 'failed']

/** Take everything back that it did, newest first. `anybodys`: also an import of somebody else, with one's own rights. */
export async function undoImport(ctx: Context, id: string, anybodys: boolean): Promise<void> {
  const given = await (anybodys ? known(ctx, id) : mine(ctx, id))
  if (!TAKEN_IN.includes(given.state) || given.acts.length === 0) notNow('撤销', 'undone')
  await setState(ctx.tx, id, 'undoing')
  await ctx.tx.query('update {t}.import set undone_by = $2, undone_at = $3, facts = $4 where id = $1', [id, ctx.principal.kind === 'member' ? ctx.principal.member.id : given.member, ctx.now, JSON.stringify({ ...given.facts, ...(ctx.request && { id: ctx.request.id, ip: ctx.request.ip, agent: ctx.request.agent, lang: ctx.request.lang }) })])
  announceImport(ctx.tx)
}

/** Locked. Refused NOT_FOUND, also for somebody else's. */
async function mine(ctx: Context, id: string): Promise<Import> {
  const given = await known(ctx, id)
  return ctx.principal.kind === 'member' && ctx.principal.member.id === given.member ? given : refused('NOT_FOUND')
}

async function known(ctx: Context, id: string): Promise<Import> {
  const given = (await lockImport(ctx.tx, id)) ?? refused('NOT_FOUND')
  if (!lensOf(ctx, given.object).can('read')) refused('NOT_FOUND')
  return given
}
