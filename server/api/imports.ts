import { Readable } from 'node:stream'
import { refused } from '#contract'
import type { ImportShape } from '#contract/api'
import { may, memberContext, type Context } from '#kernel/access'
import { cleanName } from '#kernel/files'
import { cancelImport, changeImport, checkMayImport, choicesFor, getImport, type Import, importRows, isMine, listImports, planImportUndo, previewRows, resultRows, startImport, takeFile, templateOf, undoImport } from '#kernel/imports'
import { limiter } from '#platform/http'
import { type Cell, csvOf, templateCsv, templateXlsx, xlsxOf } from '#platform/sheets'
import { dayOf } from '#language/values'
import { iso, isoOrNull } from './presenting.ts'
import { sendFileAs, streamed } from './sending.ts'
import type { Call, Some } from './types.ts'

/** Reading a table costs processor time and keeps its rows. */
const uploads = limiter('imports', { points: 30, seconds: 600 })
const MOST_MB = 30
const PREVIEWED = 20
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const imports: Some<'importTemplate' | 'uploadImport' | 'imports' | 'import' | 'changeImport' | 'previewImport' | 'checkImport' | 'runImport' | 'cancelImport' | 'importUndoPlan' | 'undoImport' | 'importRows' | 'importResult'> = {
  importTemplate: { open: async ({ api, tenant, signedIn, facts, reply }, { params: { object }, query: { format } }) => {
    const { template, name } = await api.db.read(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      checkMayImport(ctx, object)
      return { template: await templateOf(ctx, object), name: facts.lang === 'zh' ? `${ctx.metadata.objects.get(object)!.label.zh}导入模板` : `${ctx.metadata.objects.get(object)!.label.en} template` }
    })
    await sendFileAs(reply, { name: `${name}.${format}`, type: format === 'csv' ? 'text/csv; charset=utf-8' : XLSX }, format === 'csv' ? Readable.from(templateCsv(template)) : templateXlsx(template))
    return undefined
  } },
  uploadImport: { open: async ({ api, tenant, signedIn, facts, request }, { params: { object }, query: { name } }) => {
    const body = request.upload ?? refused('MEDIA_TYPE_UNSUPPORTED')
    await uploads.take(`${tenant.id}:${signedIn!.member}`)
    const content = await collected(body, cleanName(name))
    const within = (tx: Context['tx']) => memberContext(tx, signedIn!.member, facts)
    const id = await takeFile({ db: api.db, tenant, within }, { object, name: cleanName(name), content })
    return api.db.read(tenant, async (tx) => { const ctx = await within(tx); return { import: presented(ctx, await getImport(ctx, id)) } })
  } },
  imports: async (ctx, { query: { object, before, limit } }) => ({ items: (await listImports(ctx, { object, before: before === undefined ? undefined : new Date(before), limit })).map((each) => presented(ctx, each)) }),
  import: async (ctx, { params: { id } }) => {
    const given = await getImport(ctx, id.toLowerCase())
    const { fields, keys, owners } = choicesFor(ctx, given)
    return {
      import: presented(ctx, given), keys, rules: rulesFor(ctx, given.object), owners: owners.map(({ from, policies }) => ({ from, policies: policies.map(({ key, label }) => ({ key, label })) })),
      fields: fields.map(({ key, label, kind, required, unique }) => ({ key, label, kind, required, unique })),
    }
  },
  changeImport: async (ctx, { params: { id }, body }) => ({ import: presented(ctx, await changeImport(ctx, id.toLowerCase(), body)) }),
  previewImport: async (ctx, { params: { id } }) => {
    const given = await getImport(ctx, id.toLowerCase())
    return { rows: isMine(ctx, given) ? await previewRows(ctx, given, PREVIEWED) : refused('NOT_FOUND') }
  },
  checkImport: async (ctx, { params: { id } }) => { await startImport(ctx, id.toLowerCase(), 'check'); return one(ctx, id) },
  runImport: async (ctx, { params: { id } }) => { await startImport(ctx, id.toLowerCase(), 'run'); return one(ctx, id) },
  cancelImport: async (ctx, { params: { id } }) => { await cancelImport(ctx, id.toLowerCase()); return one(ctx, id) },
  importUndoPlan: async (ctx, { params: { id } }) => planImportUndo(ctx, await getImport(ctx, id.toLowerCase())),
  undoImport: async (ctx, { params: { id } }) => { await undoImport(ctx, id.toLowerCase(), may(ctx, 'audit')); return one(ctx, id) },
  importRows: async (ctx, { params: { id }, query: { outcome, kept, after, limit } }) => {
    const rows = await importRows(ctx, await getImport(ctx, id.toLowerCase()), { outcome, kept: kept === '1', after, limit })
    return { rows: rows.map((row) => ({ ...row, cells: [...row.cells], reasons: [...(row.reasons ?? [])], kept: row.kept && { ...row.kept, fields: [...row.kept.fields] } })) }
  },
  importResult: { open: async (call, { params: { id }, query: { format, outcome } }) => {
    const { api, tenant, signedIn, facts, reply } = call
    const within = (tx: Context['tx']) => memberContext(tx, signedIn!.member, facts)
    const name = await api.db.read(tenant, async (tx) => nameOf(call, await ownImport(await within(tx), id), tx.now))
    const pages = streamed<Cell[][]>((give) => api.db.read(tenant, async (tx) => {
      const ctx = await within(tx)
      for await (const page of resultRows(ctx, await ownImport(ctx, id), outcome)) if (!(await give(page))) return
    }))
    await sendFileAs(reply, { name: `${name}.${format}`, type: format === 'csv' ? 'text/csv; charset=utf-8' : XLSX }, Readable.from(format === 'csv' ? csvOf(pages) : xlsxOf({ name }, pages)))
    return undefined
  } },
}

const one = async (ctx: Context, id: string): Promise<{ import: ImportShape }> => ({ import: presented(ctx, await getImport(ctx, id.toLowerCase())) })

async function ownImport(ctx: Context, id: string): Promise<Import> {
  const given = await getImport(ctx, id.toLowerCase())
  return isMine(ctx, given) ? given : refused('NOT_FOUND')
}

const nameOf = ({ facts, tenant }: Call, { file }: Import, now: Date): string => `${file.replace(/\.\w+$/, '')} ${facts.lang === 'zh' ? '导入结果' : 'result'} ${dayOf(now.getTime(), tenant.zone)}`

/** Active rules that take part in imports of this object. */
const rulesFor = ({ metadata }: Context, object: string) =>
  [...metadata.rules.values()].filter(({ state, trigger }) => state === 'active' && trigger.object === object && 'causes' in trigger && trigger.causes?.includes('import')).map(({ key, label }) => ({ key, label }))

const KEPT_MS = 30 * 86_400_000

function presented(ctx: Context, given: Import): ImportShape {
  const { acts, undone, facts: _facts, reached: _reached, at, begunAt, endedAt, undoneAt, heads, mapping, ...rest } = given
  const mine = isMine(ctx, given)
  return {
    ...rest, heads: [...heads], mapping: [...mapping], at: iso(at), begunAt: isoOrNull(begunAt), endedAt: isoOrNull(endedAt), undoneAt: isoOrNull(undoneAt), batches: acts.length, undoneBatches: undone,
    mine, canUndo: (mine || may(ctx, 'audit')) && ['done', 'cancelled', 'failed'].includes(given.state) && acts.length > 0, rowsKept: mine && (endedAt === null || ctx.now.getTime() - endedAt.getTime() < KEPT_MS),
  }
}

/** The whole of what is sent, within its limit; a sender who is refused must still hear why, so the rest is drained. */
async function collected(body: Readable, name: string): Promise<Buffer> {
  const [pieces, most]: [Buffer[], number] = [[], MOST_MB * 1_048_576]
  let bytes = 0
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > most) { body.resume(); refused('FILE_TOO_LARGE', undefined, { limit: MOST_MB }) }
    pieces.push(piece)
  }
  if (bytes === 0) refused('FILE_EMPTY', undefined, { name })
  return Buffer.concat(pieces)
}
