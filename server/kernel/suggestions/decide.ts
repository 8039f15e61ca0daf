import { refused } from '#contract'
import { memberRows, type Context } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { writeOrRefuse, type Written } from '#kernel/records'
import { logSuggestion, mySelf, openSuggestion, type Suggestion } from './suggest.ts'

export interface DecidedSuggestion { state: Suggestion['state']; made: string | null; written: Written[] }

/**
 * Take some of its fields, or none. What is taken is written with the rights of whoever takes it, as their act; its author may look at a record that was made of it.
 * Refused NOT_FOUND, SUGGESTION_DECIDED, FIELD_NOT_AVAILABLE for a field that was not suggested, and as write refuses.
 */
export async function decideSuggestion(ctx: Context, id: string, { take, reason }: { take: readonly string[]; reason: string | null }): Promise<DecidedSuggestion> {
  const suggestion = await openSuggestion(ctx, id)
  for (const key of take) if (!Object.hasOwn(suggestion.fields, key)) refused('FIELD_NOT_AVAILABLE', 'take', { field: key })
  const written = take.length > 0 ? await carryOut(ctx, suggestion, take) : []
  const [state, made] = [take.length > 0 ? 'taken' as const : 'declined' as const, written[0]?.id ?? null]
  await ctx.tx.query('update {t}.suggestion set state = $2, taken = $3, made = $4, decided_by = $5, decided_at = $6, reason = $7 where id = $1', [id, state, [...take], made, mySelf(ctx), ctx.now, reason])
  await logSuggestion(ctx, { id, version: 2, fields: { state: ['open', state], accepted: [null, [...take]], ...(made && { made: [null, made] }), ...(reason && { reason: [null, reason] }) } })
  await tellAuthor(ctx, suggestion, { state, made, reason, take })
  return { state, made, written }
}

function carryOut(ctx: Context, { object, record, member, fields }: Suggestion, take: readonly string[]): Promise<Written[]> {
  const values = Object.fromEntries(take.map((key) => [key, fields[key]]))
  return writeOrRefuse(ctx, record === null ? [{ op: 'create', object, values, share: [{ member, access: 'read' }] }] : [{ op: 'update', object, id: record, values }])
}

async function tellAuthor(ctx: Context, { object, record, member, fields }: Suggestion, { state, made, reason, take }: Pick<Suggestion, 'state' | 'made' | 'reason'> & { take: readonly string[] }): Promise<void> {
  const [by, name] = [(await memberRows(ctx.tx)).get(mySelf(ctx))?.name ?? '', ctx.metadata.objects.get(object)!.label.zh]
  const title = state === 'declined' ? `${by}没有采纳你关于${name}的建议` : take.length < Object.keys(fields).length ? `${by}采纳了你关于${name}的部分建议` : `${by}采纳了你关于${name}的建议`
  await tell(ctx.tx, [{ member, kind: 'approval_suggestion', title, body: reason, object, record: made ?? record, groupKey: null, event: null, rule: null }])
}
