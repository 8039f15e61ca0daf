import { refused } from '#contract'
import type { Policy, ReadState } from '#language/definitions'
import { lensOf } from './lens.ts'
import { params } from './params.ts'
import { accessTo } from './part.ts'
import { parentsIn } from './ruled.ts'
import { circumstancesOf, holdsSql, rulingsOn } from './rulings.ts'
import type { Context } from './types.ts'

/** Why a field of a record is as it is for somebody: what their roles give, and what every policy about it says there. */
export interface FieldWhy {
  read: ReadState
  write: boolean
  /** Hidden, and nothing may tell those from whom it is. */
  secret: boolean
  roles: { role: string; read: ReadState; write: boolean }[]
  policies: { policy: string; effect: 'limit' | 'allow'; stealth: boolean; read: ReadState | null; write: boolean | null; holds: boolean }[]
}

/** A limit that is decided by the record the field points to keeps it pointing there. */
const keeps = ({ effect, when }: Policy, key: string): true | undefined => (effect === 'limit' && parentsIn(when).includes(key) ? true : undefined)

/**
 * Asked in the context of whoever looks. The verdict is read by the very expressions that lists and writes use; the
 * policies are those that they were made of. NOT_FOUND where the record is not seen, FIELD_NOT_AVAILABLE for no field.
 */
export async function whyField(ctx: Context, object: string, id: string, key: string): Promise<FieldWhy> {
  const [lens, definition] = [lensOf(ctx, object), ctx.metadata.objects.get(object)]
  const own = definition?.field.get(key)
  if (!definition || !lens.can('read')) return refused('NOT_FOUND')
  if (!own) return refused('FIELD_NOT_AVAILABLE', 'field', { field: key })
  const open = own.open === true && definition.immutable !== true
  const place = { alias: 'r', params: params(id) }
  const field = lens.field(key)
  const rulings = rulingsOn(ctx.metadata, object, () => circumstancesOf(ctx)).filter(({ policy }) => policy.fields[key] ?? policy.fields['*'] ?? keeps(policy, key))
  const looker = { metadata: ctx.metadata, member: ctx.principal.kind === 'member' ? ctx.principal.member : null, at: { me: ctx.principal.kind === 'member' ? ctx.principal.member.id : null, myTeams: ctx.principal.kind === 'member' ? ctx.principal.member.teams : [], now: ctx.now, zone: ctx.tenant.zone, calendar: ctx.metadata.calendar } }
  const columns = [
    field?.varies ? `${field.varies.state(place)} as state, ${field.varies.writable(place)} as writable, (${field.varies.secret?.(place) ?? 'false'}) is true as secret` : 'null::text as state, null::bool as writable, false as secret',
    ...rulings.map((ruling, i) => `(${holdsSql(looker, ruling, place) ?? 'TRUE'}) is true as p${i}`),
    `${lens.reach('edit', 'r', place.params)} as edit`,
  ]
  const [row] = await ctx.tx.query<Record<string, unknown>>(`select ${columns.join(', ')} from ${definition.table} r where r.id = $1::uuid and ${lens.rows('read', 'r', place.params)}`, place.params.values)
  if (!row) return refused('NOT_FOUND')
  const read = field ? ((row['state'] as ReadState | null) ?? (field.read as ReadState)) : 'hidden'
  const roles = ctx.principal.kind === 'member' && ctx.metadata.rolesDecide ? ctx.principal.member.roles : []
  return {
    read, secret: row['secret'] === true, write: (row['edit'] === true || open) && lens.writable.has(key) && (field?.varies ? row['writable'] === true : read === 'full'),
    roles: roles.flatMap((role) => {
      const access = accessTo(ctx.metadata, ctx.metadata.roles.get(role), definition)
      const reads = access && (access.read ?? 'none') !== 'none' ? (access.fields?.[key]?.read ?? 'full') : 'hidden'
      return access ? [{ role, read: reads, write: reads !== 'hidden' && (open || (access.edit ?? 'none') !== 'none' || (access.create ?? 'none') !== 'none') && access.fields?.[key]?.write !== false }] : []
    }),
    policies: rulings.map(({ policy }, i) => { const said = { ...policy.fields['*'], ...(keeps(policy, key) && { write: false }), ...policy.fields[key] }; return { policy: policy.key, effect: policy.effect, stealth: policy.stealth === true, read: said.read ?? null, write: said.write ?? null, holds: row[`p${i}`] === true } }),
  }
}
