import { Readable } from 'node:stream'
import { refused } from '#contract'
import { lensOf, memberContext, type Context } from '#kernel/access'
import { type ExportCell, type ExportFormat, exportHead, exportRows, type LedgerRow, listPaper, logHandout, MARK_HEAD, markOf, MOST_EXPORTED, MOST_PRINTED, noteRows, openExport, paperOf, planExport, stillTakes, templateFor } from '#kernel/handout'
import { listRecords } from '#kernel/records'
import { limiter } from '#platform/http'
import { drawPdf } from '#platform/pdf'
import { csvOf, xlsxOf } from '#platform/sheets'
import { dayOf } from '#language/values'
import { EXPORT_TYPES, exportFacts, exports } from './exports.ts'
import { sendFileAs, streamed } from './sending.ts'
import type { Call, Some } from './types.ts'

/** Drawing costs processor time: nobody prints faster than they can read. */
const prints = limiter('prints', { points: 120, seconds: 600 })

export const handout: Some<'printRecord' | 'previewPrint' | 'exportRecords'> = {
  printRecord: { open: async ({ api, tenant, signedIn, facts, request, reply }, { params: { object, id, template } }) => {
    await prints.take(`${tenant.id}:${signedIn!.member}`)
    const { paper, at, mark } = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const found = templateFor(ctx, object, template)
      const paper = await paperOf(ctx, found, id.toLowerCase())
      await logHandout(ctx, 'print', { print: found.label.zh, object: ctx.metadata.objects.get(object)!.label.zh, record: id.toLowerCase() })
      return { paper, at: tx.now, mark: markOf(ctx, ctx.principal.kind === 'member' ? ctx.principal.member.name : '') }
    })
    await sendFileAs(reply, { name: `${paper.title}.pdf`, type: 'application/pdf', inline: true }, await drawPdf(paper, { lang: request.lang, at, mark }))
    return undefined
  } },
  exportRecords: { open: async (call, { params: { object }, query: { format, ...query } }) => {
    const { api, tenant, signedIn, facts, reply } = call
    await exports.take(`${tenant.id}:${signedIn!.member}`)
    const most = format === 'pdf' ? MOST_PRINTED : MOST_EXPORTED
    const told = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const plan = await planExport(ctx, object, query, most)
      const opened = await openExport(ctx, plan, format)
      await logHandout(ctx, 'export', exportFacts(ctx, plan, { no: opened.no, format }))
      const name = ctx.metadata.objects.get(object)!.label[facts.lang]
      return { ...opened, name, file: `${name} ${dayOf(tx.now.getTime(), tenant.zone)}.${format}`, at: tx.now }
    })
    const enter = entering(call, { object, no: told.no })
    // Read in one snapshot for as long as the reader takes it; a reader who leaves ends it. What is not in the ledger does not leave.
    const reading = <T>(work: (ctx: Context) => Promise<T>): Promise<T> => api.db.read(tenant, async (tx) => work(await memberContext(tx, signedIn!.member, facts)))
    const file = { name: told.file, type: EXPORT_TYPES[format] }
    if (format === 'pdf') {
      const paper = await reading(async (ctx) => {
        const [plan, rows] = [await planExport(ctx, object, query, most), [] as LedgerRow[]]
        for await (const page of exportRows(ctx, plan)) { await enter(ctx, page); rows.push(...page) }
        return listPaper(ctx, plan, { rows, mark: told.mark })
      })
      await sendFileAs(reply, file, await drawPdf(paper, { lang: facts.lang, at: told.at, mark: told.mark, wide: true }))
      return undefined
    }
    const pages = streamed<ExportCell[][]>((give) => reading(async (ctx) => {
      const plan = await planExport(ctx, object, query, most)
      if (!(await give([[...exportHead(ctx, plan), MARK_HEAD[facts.lang]]]))) return
      for await (const page of exportRows(ctx, plan)) {
        await enter(ctx, page)
        if (!(await give(page.map(({ cells }) => [...cells, told.mark])))) return
      }
    }))
    await sendFileAs(reply, file, Readable.from(inFormat(format, pages, told)))
    return undefined
  } },
  previewPrint: async (ctx, { body: { template, id } }) => {
    if (!ctx.metadata.objects.has(template.object)) refused('NOT_FOUND')
    const record = id ?? (await listRecords(ctx, template.object, { limit: 1, fields: [] })).records[0]?.id
    return { paper: record === undefined ? null : await paperOf(ctx, template, record.toLowerCase()) }
  },
}

const inFormat = (format: Exclude<ExportFormat, 'pdf'>, pages: AsyncIterable<ExportCell[][]>, { name, mark }: { name: string; mark: string }) => (format === 'csv' ? csvOf(pages) : xlsxOf({ name, mark }, pages))

/** Each page, before it leaves: entered in the ledger, and only for somebody who may still take it along as it was read. */
const entering = ({ api, tenant, signedIn, facts }: Call, { object, no }: { object: string; no: number }) => (ctx: Context, page: readonly LedgerRow[]): Promise<void> =>
  api.db.mutate(tenant, async (tx) => {
    if ((await stillTakes(tx, { member: signedIn!.member, object, facts })) !== lensOf(ctx, object).version) refused('FORBIDDEN')
    await noteRows(tx, no, page)
  })
