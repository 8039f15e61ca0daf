import { type Refusal, refused } from '#contract'
import { lensOf, may, targetsOf, type Context } from '#kernel/access'
import { holdIfMany } from '#kernel/deletions'
import { dropDraft } from '#kernel/drafts'
import { actOf, actsToUndo, type KeptRecord, type ListPage, listRecords, undoActs, undoToken, write, type Intent, type Written } from '#kernel/records'
import { BASE_FIELDS } from '#language/definitions'
import { WORKBENCH } from './workbench/index.ts'
import { problemOf } from '#platform/http'
import { heldView } from './deletions.ts'
import { made, written } from './records.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

export const commands: Some<'followUp' | 'transfer' | 'share' | 'tag' | 'restore' | 'undo' | 'bulk'> = {
  followUp: async (ctx, { body: { subject, ...said } }) => {
    const { object, fields } = WORKBENCH.followUp
    const { nextAt, result, resource, note, method } = said
    const values = { [fields.subject]: { object: subject.object, id: subject.id.toLowerCase() }, [fields.result]: result, [fields.nextAt]: nextAt, [fields.resource]: resource, ...(note && { [fields.note]: note }), ...(method && { [fields.method]: method }) }
    const done = await written(ctx, [{ op: 'create', object, values }])
    await dropDraft(ctx, { id: subject.id.toLowerCase(), kind: 'activity' })
    return made(ctx, done)
  },
  transfer: async (ctx, { body: { object, ids, owner, reason, children } }) => {
    const below = children ? await childrenOf(ctx, object, distinctIds(ids)) : []
    return each(ctx, [...distinctIds(ids).map((id): Intent => ({ op: 'update', object, id, owner })), ...below.map((child): Intent => ({ op: 'update', ...child, owner }))], { reason })
  },
  share: async (ctx, { body: { object, ids, members } }) => each(ctx, distinctIds(ids).map((id) => ({ op: 'update', object, id, share: members }))),
  tag: async (ctx, { body: { object, ids, add, remove } }) => each(ctx, distinctIds(ids).map((id) => ({ op: 'update', object, id, addTags: add, removeTags: remove }))),
  restore: async (ctx, { body: { object, ids } }) => each(ctx, distinctIds(ids).map((id) => ({ op: 'restore', object, id }))),
  undo: async (ctx, { body }) => {
    const { changed, acts, kept } = await undoActs(ctx, await actsToUndo(ctx, body.undo))
    return { changed, kept: kept.map((each) => keptIn(ctx, each)), undo: await undoToken(ctx, acts) }
  },
  bulk: async (ctx, { body: { object, ids, values, addTags, removeTags, owner, delete: gone, create } }) => {
    if (create) return makeForEach(ctx, object, distinctIds(ids), create)
    if (gone && (values ?? addTags ?? removeTags ?? owner) !== undefined) refused('REQUEST_INVALID', 'delete', { reason: 'delete' })
    const held = gone ? await holdIfMany(ctx, object, distinctIds(ids)) : null
    if (held) return { ...(await outcome(ctx, [], distinctIds(ids).filter((id) => !held.records.includes(id)).map((id) => ({ object, id, refusal: { code: 'FORBIDDEN' } })))), held: heldView(held) }
    return each(ctx, distinctIds(ids).map((id) => (gone ? { op: 'delete', object, id } : { op: 'update', object, id, values, addTags, removeTags, owner })))
  },
}

/**
 * Carry out what may be carried out and name what may not, row by row, in one transaction: what is refused by itself
 * is refused in a crowd. `rows`: what each wish speaks of, where that is another record than the one written.
 */
async function each(ctx: Context, wishes: readonly Intent[], { reason, rows }: { reason?: string | undefined; rows?: readonly { object: string; id: string }[] } = {}) {
  let left = wishes.map((intent, i) => ({ intent, row: rows?.[i] ?? { object: intent.object, id: intent.id! } }))
  const refusals: Row[] = []
  const acts = [{ ...actOf(ctx), ...(reason?.trim() && { reason: reason.trim() }) }]
  while (left.length > 0) {
    const result = await write(ctx, left.map(({ intent }) => intent), { acts })
    if (result.ok) return outcome(ctx, result.written, refusals)
    const no = new Map(result.refusals.map(({ index, refusal }) => [index, refusal]))
    refusals.push(...[...no].map(([i, refusal]) => ({ ...left[i]!.row, refusal })))
    left = left.filter((_, i) => !no.has(i))
  }
  return outcome(ctx, [], refusals)
}

const distinctIds = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))]

/** One new record for each, the members' own; refused by the record that it was meant for. */
async function makeForEach(ctx: Context, object: string, ids: readonly string[], create: { object: string; via: string; values: Record<string, unknown> }) {
  const field = ctx.metadata.objects.get(create.object)?.field.get(create.via)
  if (!field) refused('FIELD_NOT_AVAILABLE', 'create.via', { field: create.via })
  const seen = new Set((await byIds(ctx, object, ids)).map(({ id }) => id))
  const intents = ids.map((id): Intent => ({ op: 'create', object: create.object, values: { ...create.values, [create.via]: field!.kind === 'anyReference' ? { object, id } : id } }))
  const visible = ids.flatMap((id, i) => (seen.has(id) ? [i] : []))
  const made = await each(ctx, visible.map((i) => intents[i]!), { rows: visible.map((i) => ({ object, id: ids[i]! })) })
  const unseen = ids.filter((id) => !seen.has(id)).map((id) => ({ id, title: '', ...problemIn(ctx, { code: 'NOT_FOUND' }) }))
  return { ...made, refused: [...made.refused, ...unseen] }
}

const MOST_CHILDREN = 5_000

/** What points to these records and has the owner of the record it points to, as far as this member sees it. One statement per reference field and one for the owners. */
async function childrenOf(ctx: Context, object: string, ids: readonly string[]): Promise<{ object: string; id: string }[]> {
  const owners = new Map((await byIds(ctx, object, ids, ['owner'])).map(({ id, values }) => [id, values['owner']]))
  const found: { object: string; id: string }[] = []
  for (const child of ctx.metadata.objects.values()) {
    if (child.immutable || child.key === object || !lensOf(ctx, child.key).can('transfer')) continue
    for (const { key, kind, to } of child.field.values()) {
      if (kind !== 'reference' || !targetsOf(to, ctx.metadata).includes(object)) continue
      for (let cursor: string | null | undefined; cursor !== null && found.length < MOST_CHILDREN;) {
        const page: ListPage = await listRecords(ctx, child.key, { filter: { field: key, op: 'in', value: [...ids] }, fields: [key, 'owner'], limit: 200, cursor: cursor ?? undefined })
        found.push(...page.records.filter(({ values }) => values['owner'] !== undefined && values['owner'] === owners.get(values[key] as string)).map(({ id }) => ({ object: child.key, id })))
        cursor = page.next
      }
    }
  }
  return [...new Map(found.map((each) => [each.id, each])).values()]
}

interface Row { object: string; id: string; refusal: Refusal }
export async function outcome(ctx: Context, all: readonly Written[], refusals: readonly Row[]) {
  const titles = new Map<string, string>()
  for (const [object, some] of Map.groupBy(refusals, (row) => row.object)) for (const { id, title } of await byIds(ctx, object, some.map((row) => row.id))) titles.set(id, title)
  const refused = refusals.map(({ id, refusal }) => ({ id, title: titles.get(id) ?? '', ...problemIn(ctx, refusal) }))
  return { changed: all.filter(({ changed }) => changed).length, refused, undo: await undoToken(ctx, all.map(({ act }) => act)) }
}

function problemIn({ request }: Context, refusal: Refusal) {
  const { code, message, path } = problemOf(refusal, request?.lang ?? 'zh', request?.id ?? '').body.error
  return { code, message, path }
}

/** What an undo left alone, and why, in the reader's words. */
export function keptIn(ctx: Context, { object, id, title, fields, why, refusal }: KeptRecord) {
  const lang = ctx.request?.lang ?? 'zh'
  const labels = fields.map((key) => (ctx.metadata.objects.get(object)?.field.get(key)?.label ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label)?.[lang] ?? key)
  return { object, id, title, fields: labels, message: why === 'refused' ? problemIn(ctx, refusal!).message : KEPT[why === 'rights' && !may(ctx, 'restore') ? 'restore' : why][lang] }
}
const KEPT = {
  changed: { zh: '之后又有改动，保持不变', en: 'changed since; left as it is' },
  rights: { zh: '你没有权限改回去', en: 'not yours to change back' },
  restore: { zh: '你没有权限改回去，可以请有「恢复数据」权限的人来撤销', en: 'not yours to change back; somebody with the right to restore data may' },
  immutable: { zh: '只增不改的记录', en: 'append-only' },
} as const
