import { refuse, Refused } from '#contract'
import type { Route } from '#contract/api'
import { lensOf, may, memberContext, memberRows, type Context } from '#kernel/access'
import { getRecords, undoToken, type RecordView } from '#kernel/records'
import { dropForm } from '#kernel/drafts'
import { decideSuggestion, maySuggest, suggest, type Suggestion, suggestionsFor } from '#kernel/suggestions'
import { isId } from '#platform/db'
import type { Parts } from './parse.ts'
import { iso } from './presenting.ts'
import { relatedTo } from './related.ts'
import type { Call, Some } from './types.ts'

export const suggestions: Some<'suggest' | 'suggestions' | 'decideSuggestion'> = {
  suggest: async (ctx, { body: { object, record, values, drafted, about } }) => {
    const id = await suggest(ctx, { object, record: record?.toLowerCase() ?? null, fields: values })
    if (drafted) await dropForm(ctx, { object, id: record?.toLowerCase() ?? null, about: about?.toLowerCase() }, Object.keys(values))
    return { id }
  },
  suggestions: async (ctx) => {
    const [items, members] = [await suggestionsFor(ctx), await memberRows(ctx.tx)]
    const records = new Map<string, RecordView>()
    for (const [object, some] of Map.groupBy(items, (each) => each.object)) for (const each of await getRecords(ctx, object, some.flatMap(({ record, made }) => record ?? made ?? []))) records.set(each.id, each)
    return { items: items.map((each) => view(ctx, each, { records, members })), related: await relatedTo(ctx, items.map(({ object, fields }) => ({ object, values: fields }))) }
  },
  decideSuggestion: async (ctx, { params, body }) => {
    const { state, made, written } = await decideSuggestion(ctx, params.id.toLowerCase(), { take: body.take, reason: body.reason || null })
    return { state, made, undo: await undoToken(ctx, written.map(({ act }) => act)) }
  },
}

function view(ctx: Context, { id, object, record, member, fields, at, state, taken, made, decidedBy, decidedAt, reason }: Suggestion, { records, members }: { records: ReadonlyMap<string, RecordView>; members: Awaited<ReturnType<typeof memberRows>> }) {
  const [lens, there, name] = [lensOf(ctx, object), records.get(record ?? made ?? ''), (who: number) => members.get(who)?.name ?? `#${who}`]
  const seen = Object.entries(fields).filter(([key]) => lens.field(key))
  const title = ctx.metadata.objects.get(object)!.title
  return {
    id, object, label: ctx.metadata.objects.get(object)!.label, record, title: there?.title ?? titleIn(lens.field(title) && fields[title]),
    by: { id: member, name: name(member) }, at: iso(at), state,
    fields: seen.map(([field, value]) => ({ field, before: record === null ? null : (there?.values[field] ?? null), value, taken: taken.includes(field) })),
    made, decidedBy: decidedBy === null ? null : name(decidedBy), decidedAt: decidedAt && iso(decidedAt), reason,
    can: { decide: state === 'open' && may(ctx, 'intake') },
  }
}

const titleIn = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** Whoever may only suggest, and tried to write, has suggested: it is kept, and they are told so. Everything else is refused as it was. */
export async function takenAsSuggestion({ name }: Route, { api, tenant, signedIn, facts }: Call, { params, body }: Parts, error: unknown): Promise<unknown> {
  if (!(error instanceof Refused) || error.refusal.code !== 'FORBIDDEN' || !signedIn || (name !== 'createRecord' && name !== 'updateRecord')) return error
  const { object, id } = params as { object: string; id?: string }
  const { values = {} } = body as { values?: Record<string, unknown> }
  if (id !== undefined && !isId(id.toLowerCase())) return error
  return api.db.mutate(tenant, async (tx): Promise<unknown> => {
    const ctx = await memberContext(tx, signedIn.member, facts)
    if (!maySuggest(ctx, object)) return error
    await suggest(ctx, { object, record: id?.toLowerCase() ?? null, fields: values })
    return null
  }).then((refusal) => refusal ?? new Refused(refuse('TAKEN_AS_SUGGESTION')), (later: unknown) => later)
}
