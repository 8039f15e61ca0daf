import { lensOf, may, memberRows, type Context } from '#kernel/access'
import { decide, type Deletion, deletionById, deletionLimit, deletionsFor, type Held, mayDecide, setDeletionLimit, withdraw } from '#kernel/deletions'
import { undoToken } from '#kernel/records'
import { iso } from './presenting.ts'
import { byIds, relatedTo } from './related.ts'
import type { Some } from './types.ts'

/** So many are shown as evidence. */
const SHOWN = 50

export const heldView = ({ id, n, told }: Held) => ({ id, n, told })

export const deletions: Some<'deletions' | 'deletion' | 'decideDeletion' | 'withdrawDeletion' | 'deletionLimit' | 'setDeletionLimit'> = {
  deletions: async (ctx) => {
    const [items, members] = [await deletionsFor(ctx), await memberRows(ctx.tx)]
    const decides = may(ctx, 'settings') || [...members.values()].some(({ id, active }) => active && mayDecide(ctx, { askedBy: id }, members))
    return { items: await Promise.all(items.map((each) => view(ctx, each))), may: decides }
  },
  deletion: async (ctx, { params }) => {
    const deletion = await deletionById(ctx, params.id.toLowerCase())
    const shown = deletion.records.slice(0, SHOWN)
    const fields = ['owner', ...(ctx.metadata.objects.get(deletion.object)?.subtitle ?? [])].filter((key) => lensOf(ctx, deletion.object).field(key))
    const records = lensOf(ctx, deletion.object).can('read') ? await byIds(ctx, deletion.object, shown, fields) : []
    return { ...(await view(ctx, deletion)), records, unseen: shown.length - records.length, related: await relatedTo(ctx, records) }
  },
  decideDeletion: async (ctx, { params, body }) => {
    const { deletion, changed, left } = await decide(ctx, params.id.toLowerCase(), body)
    return { changed, left: left.length, deletion: await view(ctx, deletion) }
  },
  withdrawDeletion: async (ctx, { params }) => ({ deletion: await view(ctx, await withdraw(ctx, params.id.toLowerCase())) }),
  deletionLimit: (ctx) => deletionLimit(ctx),
  setDeletionLimit: (ctx, { body }) => setDeletionLimit(ctx, body),
}

async function view(ctx: Context, { id, object, records, earlier, askedBy, askedAt, ip, state, decidedBy, decidedAt, reason, act }: Deletion) {
  const members = await memberRows(ctx.tx)
  const own = ctx.actor.kind === 'member' && ctx.actor.id === askedBy
  const name = (member: number | null) => (member === null ? null : (members.get(member)?.name ?? `#${member}`))
  return {
    id, object, label: ctx.metadata.objects.get(object)?.label ?? { zh: object, en: object }, n: records.length, earlier,
    askedBy: { id: askedBy, name: name(askedBy)! }, askedAt: iso(askedAt), ip, state, decidedBy: name(decidedBy), decidedAt: decidedAt && iso(decidedAt), reason,
    can: { decide: state === 'waiting' && mayDecide(ctx, { askedBy }, members), withdraw: state === 'waiting' && own },
    undo: act !== null && lensOf(ctx, object).can('delete') ? await undoToken(ctx, [act]) : null,
  }
}
