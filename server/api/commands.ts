import { type Refusal, Refused, refused } from '#contract'
import type { Context } from '#kernel/access'
import { actsToUndo, type KeptRecord, undoActs, undoToken, write, type Intent, type Written } from '#kernel/records'
import { BASE_FIELDS } from '#language/definitions'
import { WORKBENCH } from './workbench/index.ts'
import { problemOf } from '#platform/http'
import { made, written } from './records.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

export const commands: Some<'followUp' | 'transfer' | 'share' | 'tag' | 'restore' | 'undo' | 'bulk'> = {
  followUp: async (ctx, { body: { subject, ...said } }) => {
    const { object, fields } = WORKBENCH.followUp
    const { nextAt, result, resource, note, method } = said
    const values = { [fields.subject]: { object: subject.object, id: subject.id.toLowerCase() }, [fields.result]: result, [fields.nextAt]: nextAt, [fields.resource]: resource, ...(note && { [fields.note]: note }), ...(method && { [fields.method]: method }) }
    return made(ctx, await written(ctx, [{ op: 'create', object, values }]))
  },
  transfer: async (ctx, { body: { object, ids, owner } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, owner }))),
  share: async (ctx, { body: { object, ids, members } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, share: members }))),
  tag: async (ctx, { body: { object, ids, add, remove } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, addTags: add, removeTags: remove }))),
  restore: async (ctx, { body: { object, ids } }) => each(ctx, ids.map((id) => ({ op: 'restore', object, id }))),
  undo: async (ctx, { body }) => {
    const { changed, acts, kept } = await undoActs(ctx, await actsToUndo(ctx, body.undo))
    return { changed, kept: kept.map((each) => keptIn(ctx, each)), undo: await undoToken(ctx, acts) }
  },
  bulk: async (ctx, { body: { object, ids, values, addTags, removeTags, owner, delete: gone } }) => {
    if (gone && (values ?? addTags ?? removeTags ?? owner) !== undefined) refused('REQUEST_INVALID', 'delete', { reason: 'delete' })
    return each(ctx, ids.map((id) => (gone ? { op: 'delete', object, id } : { op: 'update', object, id, values, addTags, removeTags, owner })))
  },
}

/**
 * Carry out what may be carried out and name what may not, row by row, in one transaction: what is refused by itself
 * is refused in a crowd.
 */
async function each(ctx: Context, wishes: readonly Intent[]) {
  const intents = distinct(wishes)
  const first = await write(ctx, intents)
  if (first.ok) return outcome(ctx, first.written, [])
  const refusals = new Map(first.refusals.map(({ index, refusal }) => [index, refusal]))
  const rest = intents.filter((_, i) => !refusals.has(i))
  const second = rest.length > 0 ? await write(ctx, rest) : { ok: true as const, written: [] }
  if (!second.ok) throw new Refused(second.refusals[0]!.refusal)
  return outcome(ctx, second.written, [...refusals].map(([i, refusal]) => ({ object: intents[i]!.object, id: intents[i]!.id!, refusal })))
}

const distinct = (wishes: readonly Intent[]): Intent[] => [...new Map(wishes.map((wish) => [wish.id!.toLowerCase(), { ...wish, id: wish.id!.toLowerCase() } as Intent])).values()]

interface Row { object: string; id: string; refusal: Refusal }
export async function outcome(ctx: Context, all: readonly Written[], refusals: readonly Row[]) {
  const titles = new Map((await byIds(ctx, refusals[0]?.object ?? '', refusals.map(({ id }) => id))).map(({ id, title }) => [id, title]))
  const refused = refusals.map(({ id, refusal }) => ({ id, title: titles.get(id) ?? '', ...problemIn(ctx, refusal) }))
  return { changed: all.filter(({ changed }) => changed).length, refused, undo: await undoToken(ctx, all.map(({ act }) => act)) }
}

function problemIn({ request }: Context, refusal: Refusal) {
  const { code, message, path } = problemOf(refusal, request?.lang ?? 'zh', request?.id ?? '').body.error
  return { code, message, path }
}

/** What an undo left alone, and why, in the reader's words. */
function keptIn(ctx: Context, { object, id, title, fields, why, refusal }: KeptRecord) {
  const lang = ctx.request?.lang ?? 'zh'
  const labels = fields.map((key) => (ctx.metadata.objects.get(object)?.field.get(key)?.label ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label)?.[lang] ?? key)
  return { object, id, title, fields: labels, message: why === 'refused' ? problemIn(ctx, refusal!).message : KEPT[why][lang] }
}
const KEPT = {
  changed: { zh: '之后又有改动，保持不变', en: 'changed since; left as it is' },
  rights: { zh: '你没有权限改回去', en: 'not yours to change back' },
  immutable: { zh: '只增不改的记录', en: 'append-only' },
} as const
