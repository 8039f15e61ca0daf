import { Readable } from 'node:stream'
import { refused } from '#contract'
import { memberContext } from '#kernel/access'
import { type ExportCell, exportHead, exportRows, logHandout, markOf, noteRows, openExport, paperOf, planExport, templateFor } from '#kernel/handout'
import { listRecords } from '#kernel/records'
import { limiter } from '#platform/http'
import { drawPdf } from '#platform/pdf'
import { csvOf, xlsxOf } from '#platform/sheets'
import { dayOf } from '#language/values'
import { sendFileAs, streamed } from './sending.ts'
import type { Some } from './types.ts'

/** Over the column that says of each row who took it along, when and from where. */
const MARK = { zh: '导出水印', en: 'Exported by' }

const exports = limiter('exports', { points: 30, seconds: 600 })
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
  exportRecords: { open: async ({ api, tenant, signedIn, facts, reply }, { params: { object }, query: { format, ...query } }) => {
    await exports.take(`${tenant.id}:${signedIn!.member}`)
    const told = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const plan = await planExport(ctx, object, query)
      const { label } = ctx.metadata.objects.get(object)!
      const opened = await openExport(ctx, plan, format)
      await logHandout(ctx, 'export', { number: `E${opened.no}`, object: label.zh, format, rows: plan.rows, columns: plan.fields.map((field) => field.label.zh).join('、'), filter: query.filter ?? query.search ?? null })
      return { ...opened, name: label[facts.lang], day: dayOf(tx.now.getTime(), tenant.zone) }
    })
    // Read in one snapshot for as long as the reader takes it; a reader who leaves ends it. What is not in the ledger does not leave.
    const pages = streamed<ExportCell[][]>((give) => api.db.read(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const plan = await planExport(ctx, object, query)
      if (!(await give([[...exportHead(ctx, plan), MARK[facts.lang]]]))) return
      for await (const page of exportRows(ctx, plan)) {
        await api.db.mutate(tenant, (ledger) => noteRows(ledger, told.no, page))
        if (!(await give(page.map(({ cells }) => [...cells, told.mark])))) return
      }
    }))
    const file = { name: `${told.name} ${told.day}.${format}`, type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
    await sendFileAs(reply, file, Readable.from(format === 'csv' ? csvOf(pages) : xlsxOf({ name: told.name, mark: told.mark }, pages)))
    return undefined
  } },
  previewPrint: async (ctx, { body: { template, id } }) => {
    if (!ctx.metadata.objects.has(template.object)) refused('NOT_FOUND')
    const record = id ?? (await listRecords(ctx, template.object, { limit: 1, fields: [] })).records[0]?.id
    return { paper: record === undefined ? null : await paperOf(ctx, template, record.toLowerCase()) }
  },
}
