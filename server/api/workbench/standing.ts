import type { WorkbenchShape } from '#contract/api'
import { awayAt, memberRows, type Context, params as newParams } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { partOf } from './parts.ts'

type Standing = NonNullable<WorkbenchShape['standing']>

/** For whom the reader stands in now, and how many records wait with them, as far as the reader sees them. One statement, none for most. */
export async function standingIn(ctx: Context): Promise<Standing> {
  const theirs = ctx.principal.kind === 'member' ? ctx.principal.member.standsFor : []
  if (theirs.length === 0) return []
  const [members, counts] = [await memberRows(ctx.tx), await openBy(ctx, theirs)]
  return theirs.flatMap((member) => {
    const away = awayAt(members.get(member)!, ctx.now.getTime())
    return away ? [{ member, until: new Date(away.to).toISOString(), object: WORKBENCH.subject.object, count: counts.get(member) ?? 0 }] : []
  })
}

async function openBy(ctx: Context, owners: readonly number[]): Promise<Map<number, number>> {
  const { subject } = WORKBENCH
  const params = newParams()
  const part = partOf(ctx, subject.object, 'l', params)
  if (!part) return new Map()
  const rows = await ctx.tx.query<{ owner: number; n: number }>(`select l.owner, count(*)::int as n from ${part.table} l where ${part.visible()} and l.owner = any(${params.add(owners, 'int[]')})
    and coalesce(${part.col(subject.status)} <> all(${params.add(subject.closed, 'text[]')}), true) group by l.owner`, params.values)
  return new Map(rows.map(({ owner, n }) => [owner, n]))
}
