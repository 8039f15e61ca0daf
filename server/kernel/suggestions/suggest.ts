import { refused } from '#contract'
import { lensOf, may, type Context } from '#kernel/access'
import { appendChanges, type FieldChanges } from '#kernel/changes'
import { actOf, getRecords, type Values } from '#kernel/records'
import { ids } from '#platform/db'

/** What a member would have written: a new record, or other values in one that is there. */
export interface Suggestion {
  id: string; object: string; record: string | null; member: number; fields: Values; at: Date
  state: 'open' | 'taken' | 'declined'; taken: string[]; made: string | null; decidedBy: number | null; decidedAt: Date | null; reason: string | null
}

export const mySelf = ({ principal }: Context): number => (principal.kind === 'member' ? principal.member.id : refused('FORBIDDEN'))

/** May this member, who may not write the object, suggest what to write? */
export function maySuggest({ metadata, principal }: Context, object: string): boolean {
  return principal.kind === 'member' && metadata.rolesDecide && principal.member.roles.some((role) => metadata.roles.get(role)?.objects[object]?.suggest === true)
}

const MOST_OPEN = 200

/**
 * Keep what a member would have written; nothing else is touched. The same again while it is open is the same suggestion.
 * Refused FORBIDDEN, NOT_FOUND (a record that is not seen), FIELD_NOT_AVAILABLE, FIELD_READ_ONLY, TOO_MANY_REQUESTS (so many wait already).
 */
export async function suggest(ctx: Context, { object, record, fields }: Pick<Suggestion, 'object' | 'record' | 'fields'>): Promise<string> {
  if (!maySuggest(ctx, object)) refused('FORBIDDEN')
  await checkFields(ctx, { object, record, fields })
  const [member, said] = [mySelf(ctx), JSON.stringify(fields)]
  const [there] = await ctx.tx.query<{ id: string | null; open: number }>(`select (select id from {t}.suggestion where member = $1 and state = 'open' and object = $2 and record is not distinct from $3::uuid and fields = $4::jsonb limit 1) as id, (select count(*)::int from {t}.suggestion where member = $1 and state = 'open') as open`, [member, object, record, said])
  if (there!.id) return there!.id
  if (there!.open >= MOST_OPEN) refused('RATE_LIMITED', undefined, { seconds: 3600 })
  const id = ids.next()
  await ctx.tx.query(`insert into {t}.suggestion (id, object, record, member, fields, at, state) values ($1, $2, $3, $4, $5, $6, 'open')`, [id, object, record, member, said, ctx.now])
  await logSuggestion(ctx, { id, version: 1, fields: { object: [null, object], ...(record && { record: [null, record] }), suggested: [null, Object.keys(fields)] } })
  return id
}

async function checkFields(ctx: Context, { object, record, fields }: Pick<Suggestion, 'object' | 'record' | 'fields'>): Promise<void> {
  const lens = lensOf(ctx, object)
  if (record !== null && (await getRecords(ctx, object, [record], [])).length === 0) refused('NOT_FOUND')
  if (Object.keys(fields).length === 0) refused('VALUE_REQUIRED', 'values')
  const definition = ctx.metadata.objects.get(object)!
  for (const key of Object.keys(fields)) {
    if (lens.field(key)?.read !== 'full') refused('FIELD_NOT_AVAILABLE', key, { field: key })
    if (!suggestable(definition.field.get(key))) refused('FIELD_READ_ONLY', key, { field: key })
  }
}

/** The object's own fields that a person fills. */
export const suggestable = (field: { readOnly?: boolean | undefined; kind: string } | undefined): boolean => field !== undefined && !field.readOnly && field.kind !== 'auto' && field.kind !== 'file'

const COLUMNS = `id, object, record, member, fields, at, state, taken, made, decided_by as "decidedBy", decided_at as "decidedAt", reason`
const SHOWN = 200

/** One's own, and for those who look after incoming data everybody's about what they may look at; open ones first, the oldest of them first. */
export async function suggestionsFor(ctx: Context): Promise<Suggestion[]> {
  const rows = await ctx.tx.query<Suggestion>(`select ${COLUMNS} from {t}.suggestion where member = $1 or $2 order by state <> 'open', case when state = 'open' then at end, coalesce(decided_at, at) desc limit ${SHOWN}`, [mySelf(ctx), may(ctx, 'intake')])
  return rows.filter(({ member, object }) => member === mySelf(ctx) || lensOf(ctx, object).can('read'))
}

/** Refused NOT_FOUND for what is not there or not theirs to decide. It is locked. */
export async function openSuggestion(ctx: Context, id: string): Promise<Suggestion> {
  const [row] = await ctx.tx.query<Suggestion>(`select ${COLUMNS} from {t}.suggestion where id = $1::uuid for update`, [id])
  if (!row || !may(ctx, 'intake') || !lensOf(ctx, row.object).can('read')) return refused('NOT_FOUND')
  if (row.state !== 'open') refused('SUGGESTION_DECIDED')
  return row
}

export async function logSuggestion(ctx: Context, { id, version, fields }: { id: string; version: number; fields: FieldChanges }): Promise<void> {
  await appendChanges(ctx, [actOf(ctx)], [{ act: 0, object: 'system:suggestion', record: id, recordVersion: version, event: version === 1 ? 'created' : 'changed', fields, todo: false }])
}
