import { Refused, refused } from '#contract'
import type { Context } from '#kernel/access'
import { write, type Intent } from '#kernel/records'
import { WORKBENCH } from './workbench/index.ts'
import { problemOf } from '#platform/http'
import { shown, written } from './records.ts'
import type { Some } from './types.ts'

export const commands: Some<'followUp' | 'transfer' | 'share' | 'tag' | 'restore' | 'bulk'> = {
  followUp: async (ctx, { body: { subject, ...said } }) => {
    const { object, fields } = WORKBENCH.followUp
    const { nextAt, result, resource, note, method } = said
    const values = { [fields.subject]: { object: subject.object, id: subject.id.toLowerCase() }, [fields.result]: result, [fields.nextAt]: nextAt, [fields.resource]: resource, ...(note && { [fields.note]: note }), ...(method && { [fields.method]: method }) }
    const [made] = await written(ctx, [{ op: 'create', object, values }])
    return shown(ctx, object, made!.id)
  },
  transfer: async (ctx, { body: { object, ids, owner } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, owner }))),
  share: async (ctx, { body: { object, ids, members } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, share: members }))),
  tag: async (ctx, { body: { object, ids, add, remove } }) => each(ctx, ids.map((id) => ({ op: 'update', object, id, addTags: add, removeTags: remove }))),
  restore: async (ctx, { body: { object, ids } }) => each(ctx, ids.map((id) => ({ op: 'restore', object, id }))),
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
  if (first.ok) return { changed: first.written.filter(({ changed }) => changed).length, refused: [] }
  const refusals = new Map(first.refusals.map(({ index, refusal }) => [index, refusal]))
  const rest = intents.filter((_, i) => !refusals.has(i))
  const second = rest.length > 0 ? await write(ctx, rest) : { ok: true as const, written: [] }
  if (!second.ok) throw new Refused(second.refusals[0]!.refusal)
  return { changed: second.written.filter(({ changed }) => changed).length, refused: [...refusals].map(([i, refusal]) => outcome(ctx, intents[i]!, refusal)) }
}

const distinct = (wishes: readonly Intent[]): Intent[] => [...new Map(wishes.map((wish) => [wish.id!.toLowerCase(), { ...wish, id: wish.id!.toLowerCase() } as Intent])).values()]

function outcome({ request }: Context, { id }: Intent, refusal: Parameters<typeof problemOf>[0]) {
  const { code, message, path } = problemOf(refusal, request?.lang ?? 'zh', request?.id ?? '').body.error
  return { id: id!, code, message, path }
}
