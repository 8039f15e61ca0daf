import { type Context, memberRows } from '#kernel/access'
import { type Approval, approvalById, approvalsFor, approvalsWaiting, decideApproval } from '#kernel/automation'
import { ruleLabel } from '#kernel/metadata'
import { iso, isoOrNull } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

/** What rules ask members for their word about. */
export const approvals: Some<'approvals' | 'approvalsWaiting' | 'approval' | 'decideApproval'> = {
  approvals: async (ctx) => ({ items: await present(ctx, await approvalsFor(ctx)) }),
  approvalsWaiting: async (ctx) => ({ waiting: (await approvalsWaiting(ctx)).length }),
  approval: async (ctx, { params }) => (await present(ctx, [await approvalById(ctx, params.id.toLowerCase())]))[0]!,
  decideApproval: async (ctx, { params, body }) => (await present(ctx, [await decideApproval(ctx, params.id.toLowerCase(), body)]))[0]!,
}

/** The words are those that the reader was told; who was told nothing, standing in since, reads the rule's name. */
async function present(ctx: Context, items: readonly Approval[]) {
  const members = await memberRows(ctx.tx)
  const name = (id: number | null) => (id === null ? null : (members.get(id)?.name ?? `#${id}`))
  const me = ctx.actor.kind === 'member' ? ctx.actor.id : null
  const records = new Map((await Promise.all([...Map.groupBy(items, ({ object }) => object)].map(([object, same]) => byIds(ctx, object, [...new Set(same.map(({ record }) => record))])))).flat().map((each) => [each.id, each]))
  return items.map(({ id, rule, object, record, asked, said, askedAt, due, state, decidedBy, decidedAt, reason }) => {
    const [label, seen, words] = [ruleLabel(ctx.metadata, rule) ?? { zh: rule, en: rule }, records.get(record), said[String(me)]]
    return {
      id, rule: { key: rule, label }, title: words?.title ?? label[ctx.request?.lang ?? 'zh'], body: words?.body ?? '', askedAt: iso(askedAt), due: iso(due), asked: asked.map((each) => name(each)!),
      instead: me === null || asked.includes(me) ? null : name(asked.find((each) => members.get(each)?.away.length) ?? asked[0] ?? null),
      record: seen ? { object, id: record, title: seen.title } : null, state, decidedBy: name(decidedBy), decidedAt: isoOrNull(decidedAt), reason, can: state === 'waiting' && seen !== undefined,
    }
  })
}
