import { Refused, refused } from '#contract'
import { may, memberContext, whyField, type Context } from '#kernel/access'
import { changesView, countRecords, deletedRecords, getRecord, listRecords, recordAsOf, selectIds, timelineOf, undoToken, write, type Intent, type TimelineItem, type Written } from '#kernel/records'
import { dropForm } from '#kernel/drafts'
import { holdIfMany } from '#kernel/deletions'
import { noteReadings } from '#kernel/readings'
import { ids } from '#platform/db'
import { heldView } from './deletions.ts'
import { lineIntents } from './lines.ts'
import { relatedTo } from './related.ts'
import { sentBeside } from './sent.ts'
import type { Some } from './types.ts'
import { why } from './why.ts'

export const records: Some<'listRecords' | 'createRecord' | 'getRecord' | 'updateRecord' | 'deleteRecord' | 'recordTimeline' | 'recordChanges' | 'recordAsOf' | 'recordWhy' | 'fieldWhy' | 'selectRecords' | 'countRecords' | 'deletedRecords'> = {
  listRecords: async (ctx, { params, query }) => {
    const page = await listRecords(ctx, params.object, query)
    noteReadings(ctx, params.object, page.records)
    return { ...page, related: await relatedTo(ctx, page.records) }
  },
  createRecord: async (ctx, { params, body }) => {
    const id = ids.next()
    const done = await written(ctx, [{ op: 'create', object: params.object, id, values: body.values, tags: body.tags, owner: body.owner }, ...lineIntents(ctx, { object: params.object, id }, body.lines)])
    if (body.drafted) await dropForm(ctx, { object: params.object, id: null, about: body.about?.toLowerCase() })
    return made(ctx, done)
  },
  getRecord: (ctx, { params }) => shown(ctx, params.object, params.id.toLowerCase()),
  updateRecord: async (ctx, { params, body: { version, lines, drafted, ...wishes } }) => {
    const id = params.id.toLowerCase()
    const done = await written(ctx, [{ op: 'update', object: params.object, id, expect: version, ...wishes }, ...lineIntents(ctx, { object: params.object, id }, lines)])
    if (drafted) await dropForm(ctx, { object: params.object, id }, Object.keys(wishes.values ?? {}))
    return made(ctx, done)
  },
  deleteRecord: async (ctx, { params }) => {
    const held = await holdIfMany(ctx, params.object, [params.id.toLowerCase()])
    if (held) return { id: params.id.toLowerCase(), undo: null, held: heldView(held) }
    const gone = await written(ctx, [{ op: 'delete', object: params.object, id: params.id.toLowerCase() }])
    return { id: params.id.toLowerCase(), undo: await undoToken(ctx, gone.map(({ act }) => act)) }
  },
  recordTimeline: async (ctx, { params, query }) => history(ctx, params.object, await timelineOf(ctx, params.object, params.id.toLowerCase(), query, sentBeside)),
  recordChanges: async (ctx, { params, query }) => history(ctx, params.object, await changesView(ctx, params.object, params.id.toLowerCase(), query)),
  fieldWhy: async (ctx, { params: { object, id, field }, query: { member } }) => {
    // Whose eyes: one's own, or for those who administer members anybody's. What does not hold is for them alone.
    const all = may(ctx, 'members')
    const seer = member === undefined || (ctx.principal.kind === 'member' && member === ctx.principal.member.id) ? ctx : all ? { ...(await memberContext(ctx.tx, member, ctx.request)), actor: ctx.actor } : refused('FORBIDDEN')
    const { policies, roles, secret, read, write } = await whyField(seer, object, id.toLowerCase(), field)
    const label = (key: string) => ctx.metadata.policies.get(key)!.label
    return {
      // What leaves no trace leaves none here either, but for those who administer it.
      read: secret && !all ? 'full' : read, write, roles: roles.map(({ role, ...given }) => ({ ...given, role: ctx.metadata.roles.get(role)!.label })),
      policies: policies.filter(({ holds, stealth }) => all || (holds && !stealth)).map(({ policy, stealth: _, ...said }) => ({ ...said, key: policy, label: label(policy) })),
    }
  },
  recordAsOf: async (ctx, { params, query }) => {
    const { object: _object, id: _id, ...standing } = await recordAsOf(ctx, params.object, params.id.toLowerCase(), new Date(query.at))
    return { ...standing, related: await relatedTo(ctx, [{ object: params.object, values: standing.values ?? {} }]) }
  },
  recordWhy: async (ctx, { params }) => ({ items: await why(ctx, params.object, params.id.toLowerCase()) }),
  selectRecords: (ctx, { params, query }) => selectIds(ctx, params.object, query),
  deletedRecords: async (ctx, { params, query }) => {
    const { items, next, together } = await deletedRecords(ctx, params.object, query)
    const acts = await Promise.all([...together].map(async ([act, n]) => ({ act, n, undo: await undoToken(ctx, [act]) })))
    return { items: items.map(({ record: { id, title, values }, ...rest }) => ({ ...rest, id, title, subtitle: (ctx.metadata.objects.get(params.object)!.subtitle ?? []).map((key) => values[key]).filter((value) => typeof value === 'string' || typeof value === 'number').join(' · ') })), next, acts }
  },
  countRecords: (ctx, { params, query }) => countRecords(ctx, params.object, query),
}

/** Do it or refuse all of it, with the first reason. */
export async function written(ctx: Context, intents: readonly Intent[]): Promise<Written[]> {
  const result = await write(ctx, intents)
  if (!result.ok) throw new Refused(result.refusals[0]!.refusal)
  return result.written
}

/** The first of what was written, as its reader sees it, and the way to take it back. */
export async function made(ctx: Context, all: readonly Written[]) {
  const [first] = all
  return { ...(await shown(ctx, first!.object, first!.id)), undo: await undoToken(ctx, all.map(({ act }) => act)) }
}

export async function shown(ctx: Context, object: string, id: string) {
  const record = await getRecord(ctx, object, id)
  noteReadings(ctx, object, [record])
  return { record, related: await relatedTo(ctx, [record]) }
}

async function history(ctx: Context, object: string, { items, next }: { items: TimelineItem[]; next: string | null }) {
  return { items, next, related: await relatedTo(ctx, items.flatMap(({ child, fields = [] }) => [...(child ? [child] : []), ...fields.flatMap(({ field, before, after }) => [before, after].map((value) => ({ object, values: { [field]: value } })))])) }
}
