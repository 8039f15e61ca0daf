import { refused } from '#contract'
import { lensOf, may, type Context } from '#kernel/access'
import { speakerFor } from '#kernel/handout'
import type { Cell } from '#platform/sheets'
import { importFields, keyFields } from './fields.ts'
import { ownersOffered } from './owners.ts'
import { columnsFor, readRows } from './plan.ts'
import { importAt, importsOf, keptRows, rowsAfter, type RowsAsked } from './store.ts'
import type { Import, ImportField, KeptRow, Outcome, Reason } from './types.ts'

/** One's own, or somebody else's for those who may inspect the log. Refused NOT_FOUND. */
export async function getImport(ctx: Context, id: string): Promise<Import> {
  const found = await importAt(ctx.tx, id)
  return found && lensOf(ctx, found.object).can('read') && (isMine(ctx, found) || may(ctx, 'audit')) ? found : refused('NOT_FOUND')
}

export const isMine = ({ principal }: Context, { member }: Pick<Import, 'member'>): boolean => principal.kind === 'member' && principal.member.id === member

/** Imports of an object or of all, newest first: one's own, everybody's for those who may inspect the log. */
export async function listImports(ctx: Context, { object, before, limit }: { object?: string | undefined; before?: Date | undefined; limit: number }): Promise<Import[]> {
  const member = may(ctx, 'audit') || ctx.principal.kind === 'kernel' ? null : ctx.principal.member.id
  return (await importsOf(ctx.tx, { member, object, before, limit })).filter(({ object: key }) => lensOf(ctx, key).can('read'))
}

/** What may be chosen for this import. */
export function choicesFor(ctx: Context, { object }: Pick<Import, 'object'>): { fields: ImportField[]; keys: string[]; owners: ReturnType<typeof ownersOffered> } {
  return { fields: importFields(ctx, object), keys: keyFields(ctx, object).map(({ key }) => key), owners: ownersOffered(ctx, object) }
}

export interface PreviewCell { field: string; text: string; wrong: string | null }
export interface PreviewRow { n: number; cells: PreviewCell[] }

/** The first rows as they would be kept: every matched cell as its field reads it, or what is wrong with it. */
export async function previewRows(ctx: Context, given: Import, limit: number): Promise<PreviewRow[]> {
  const rows = await rowsAfter(ctx.tx, given.id, 0, limit)
  const columns = columnsFor(ctx, given)
  const read = await readRows(ctx, given, rows)
  const values = read.map((row) => ({ ...row.values, ...(row.owner !== undefined && { owner: row.owner }), ...(row.tags && { tags: row.tags }) }) as Record<string, unknown>)
  const speaker = await speakerFor(ctx, values.map((each, i) => ({ id: String(i), object: given.object, version: '', title: '', values: each, tags: [], can: NOTHING })))
  return rows.map(({ n, cells }, i) => ({
    n,
    cells: columns.map(({ at, head, field }) => {
      const wrong = read[i]!.reasons.find((reason) => reason.head === head)?.text ?? null
      const value = values[i]![field.key]
      return { field: field.key, text: wrong === null ? speaker.text(field, value) : (cells[at] ?? ''), wrong }
    }),
  }))
}
const NOTHING = { edit: false, delete: false, transfer: false, share: false, unlock: false }

/** What became, or would become, of rows. Only the importer reads what stood in them. Refused NOT_FOUND. */
export async function importRows(ctx: Context, given: Import, asked: RowsAsked): Promise<KeptRow[]> {
  if (!isMine(ctx, given)) refused('NOT_FOUND')
  return keptRows(ctx.tx, given.id, asked)
}

export interface ImportUndoPlan { records: number; touched: number; sent: { channel: string; n: number }[] }

/** What taking an import back would meet: records that members have worked on since, and what left the house because of it. Two statements. */
export async function planImportUndo({ tx }: Context, { acts }: Pick<Import, 'acts'>): Promise<ImportUndoPlan> {
  const [[counts], sent] = await Promise.all([
    tx.query<{ records: number; touched: number }>(`with mine as (select record, max(record_version) as version from {t}.change where act = any($1::bigint[]) group by record)
      select count(*)::int as records, count(*) filter (where exists (select from {t}.change c join {t}.act a on a.id = c.act where c.record = m.record and c.record_version > m.version and a.actor_kind = 'member'))::int as touched from mine m`, [acts]),
    tx.query<{ channel: string; n: number }>(`select channel, count(*)::int as n from {t}.outbox where state in ('sent', 'sent_unknown') and run_event in (select seq from {t}.change where act = any($1::bigint[])) group by channel order by 1`, [acts]),
  ])
  return { ...counts!, sent }
}

const WORDS: Readonly<Record<Outcome, { foreseen: Record<'zh' | 'en', string>; done: Record<'zh' | 'en', string> }>> = {
  create: { foreseen: { zh: '将新建', en: 'will be created' }, done: { zh: '已新建', en: 'created' } },
  update: { foreseen: { zh: '将更新', en: 'will be updated' }, done: { zh: '已更新', en: 'updated' } },
  skip: { foreseen: { zh: '将跳过', en: 'will be skipped' }, done: { zh: '已跳过', en: 'skipped' } },
  refuse: { foreseen: { zh: '不能导入', en: 'refused' }, done: { zh: '未导入', en: 'refused' } },
}
const HEADS = { zh: ['结果', '原因'], en: ['Result', 'Reason'] }

/** The file as it came, with what became of each row: to be corrected and brought in again. `only`: rows that were refused or left out. */
export async function* resultRows(ctx: Context, given: Import, only: Outcome | undefined): AsyncGenerator<Cell[][]> {
  const [lang, foreseen] = [ctx.request?.lang ?? 'zh', given.begunAt === null]
  yield [[...given.heads, ...HEADS[lang]]]
  for (let after = 0; ;) {
    const rows = await importRows(ctx, given, { after, limit: 1_000, outcome: only })
    if (rows.length === 0) return
    yield rows.map(({ cells, outcome, reasons, kept }) => [...cells, outcome ? WORDS[outcome][foreseen ? 'foreseen' : 'done'][lang] : '', [...(reasons ?? []).map((reason) => spoken(reason, lang)), ...(kept ? [kept.text] : [])].join(lang === 'zh' ? '；' : '; ')])
    after = rows.at(-1)!.n
  }
}

const spoken = ({ head, text }: Reason, lang: 'zh' | 'en'): string => (head === null || text.includes(head) ? text : `${head}${lang === 'zh' ? '：' : ': '}${text}`)
