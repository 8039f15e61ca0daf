import { refused } from '#contract'
import { memberContext } from '#kernel/access'
import { logHandout, paperOf, templateFor } from '#kernel/handout'
import { listRecords } from '#kernel/records'
import { limiter } from '#platform/http'
import { drawPdf } from '#platform/pdf'
import { sendFileAs } from './sending.ts'
import type { Some } from './types.ts'

/** Drawing costs processor time: nobody prints faster than they can read. */
const prints = limiter('prints', { points: 120, seconds: 600 })

export const handout: Some<'printRecord' | 'previewPrint'> = {
  printRecord: { open: async ({ api, tenant, signedIn, facts, request, reply }, { params: { object, id, template } }) => {
    await prints.take(`${tenant.id}:${signedIn!.member}`)
    const { paper, at } = await api.db.mutate(tenant, async (tx) => {
      const ctx = await memberContext(tx, signedIn!.member, facts)
      const found = templateFor(ctx, object, template)
      const paper = await paperOf(ctx, found, id.toLowerCase())
      await logHandout(ctx, 'print', { print: found.label.zh, object: ctx.metadata.objects.get(object)!.label.zh, record: id.toLowerCase() })
      return { paper, at: tx.now }
    })
    await sendFileAs(reply, { name: `${paper.title}.pdf`, type: 'application/pdf', inline: true }, await drawPdf(paper, { lang: request.lang, at }))
    return undefined
  } },
  previewPrint: async (ctx, { body: { template, id } }) => {
    if (!ctx.metadata.objects.has(template.object)) refused('NOT_FOUND')
    const record = id ?? (await listRecords(ctx, template.object, { limit: 1, fields: [] })).records[0]?.id
    return { paper: record === undefined ? null : await paperOf(ctx, template, record.toLowerCase()) }
  },
}
