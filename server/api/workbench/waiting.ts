import type { Context } from '#kernel/access'
import { noticesOf } from '#kernel/delivery'
import type { WorkbenchShape } from '#contract/api'

type Row = WorkbenchShape['blocks'][number]['rows'][number]

/** What somebody asked of me and I have not looked at: approvals and requests. One statement. */
export async function asksOfMe(ctx: Context, member: number, limit: number): Promise<Row[]> {
  const notices = await noticesOf(ctx.tx, { member, kind: 'approval', unread: true, limit })
  return notices.flatMap(({ object, record, title, at }): Row[] => object && record
    ? [{ object, id: record, title, company: null, grade: null, tags: [], phone: null, owner: null, reason: { zh: title, en: title }, at: at.toISOString(), due: null, about: null }] : [])
}
