import { refused } from '#contract'
import type { UnassignedAnswer } from '#contract/api'
import { type Context, filterSql, params as newParams } from '#kernel/access'
import { assignByPolicy, lastDecisions, policyFor, proposals, type PublishedPolicy, unassignedFilter } from '#kernel/assignment'
import { alertHoursOf, fallbackSteps } from '#language/definitions'
import { after } from '#language/values'
import { outcome } from './commands.ts'
import { fallbackWords } from './fallback-words.ts'
import { iso } from './presenting.ts'
import { byIds, relatedTo } from './related.ts'
import type { Some } from './types.ts'
import { partOf, type Part } from './workbench/parts.ts'

const ROWS = 100
const WEEKS = 12

/** Records without an owner, as far as the reader sees them, and giving them out by the policy. */
export const unassigned: Some<'unassigned' | 'assignByPolicy'> = {
  unassigned: async (ctx, { params: { object } }) => {
    const policy = policyFor(ctx, object) ?? refused('NOT_FOUND')
    const hours = alertHoursOf(policy)
    const waiting = await waitingRows(ctx, object, hours)
    const records = new Map((await byIds(ctx, object, waiting.rows.map(({ id }) => id), ctx.metadata.objects.get(object)!.subtitle)).map((record) => [record.id, record]))
    const proposed = new Map((await proposals(ctx, object, waiting.rows.map(({ id }) => id))).map((each) => [each.record, each]))
    const decided = await lastDecisions(ctx, waiting.rows.map(({ id }) => id))
    const rows = waiting.rows.flatMap(({ id, since, made }) => {
      const [record, decision] = [records.get(id), decided.get(id)]
      return record ? [{ record, since: iso(since), proposed: proposed.get(id)?.member ?? null, existing: proposed.get(id)?.reason === 'existing', tried: decision && decision.chosen === null ? fallbackWords(ctx, decision) : null, next: nextStep(ctx, policy, made) }] : []
    })
    return { object, policy: { key: policy.key, label: policy.label }, filter: unassignedFilter(ctx, object), alertHours: hours, count: waiting.count, late: waiting.late, rows, related: await relatedTo(ctx, [...records.values()]), weeks: await weeksOf(ctx, object, hours) }
  },
  assignByPolicy: async (ctx, { body: { object, ids } }) => {
    const { written, refused: left } = await assignByPolicy(ctx, object, [...new Set(ids.map((id) => id.toLowerCase()))])
    return outcome(ctx, written, left.map((each) => ({ object, ...each })))
  },
}

/** An owner who was taken back never was one, or a slip of the hand would make what is late look new, and what nobody has look given out in time. */
const TAKEN_BACK = `exists (select from {t}.act where act.id = a.closed_act and act.cause->>'kind' = 'undo')`

/** Since it came, or since its last owner let go of it. */
const sinceSql = (alias: string): string => `greatest(${alias}.created_at, (select max(a.closed_at) from {t}.assignment a where a.record = ${alias}.id and a.role = 'owner' and not ${TAKEN_BACK}))`

/** The first step of the fallback whose time is yet to come. */
function nextStep(ctx: Context, policy: PublishedPolicy, made: Date): { to: 'team' | 'pool' | 'supervisor'; at: string } | null {
  const place = { zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }
  const coming = fallbackSteps(policy).flatMap(({ to, after: length }) => (length === undefined ? [] : [{ to, at: after(made.getTime(), length, place) }])).filter(({ at }) => at > ctx.now.getTime())
  const [next] = coming.sort((a, b) => a.at - b.at)
  return next ? { to: next.to, at: iso(new Date(next.at)) } : null
}

async function waitingRows(ctx: Context, object: string, hours: number): Promise<{ rows: { id: string; since: Date; made: Date }[]; count: number; late: number }> {
  const given = newParams()
  const part = readable(partOf(ctx, object, 'r', given))
  const filter = filterSql(ctx, object, unassignedFilter(ctx, object), { alias: 'r', params: given })
  if (!filter.ok) return { rows: [], count: 0, late: 0 }
  const late = given.add(new Date(ctx.now.getTime() - hours * 3_600_000), 'timestamptz')
  const rows = await ctx.tx.query<{ id: string; since: Date; made: Date; count: number; late: number }>(`select w.id, w.since, w.made, count(*) over ()::int as count, count(*) filter (where w.since <= ${late}) over ()::int as late
    from (select r.id, ${sinceSql('r')} as since, r.created_at as made from ${part.table} r where ${part.visible()} and r.owner is null and ${filter.sql}) w order by w.since, w.id limit ${given.add(ROWS, 'int')}`, given.values)
  return { rows, count: rows[0]?.count ?? 0, late: rows[0]?.late ?? 0 }
}

const readable = (part: Part | null): Part => part ?? refused('NOT_FOUND')

/** What came in by week, and what of it had its first owner in time. */
async function weeksOf(ctx: Context, object: string, alertHours: number): Promise<UnassignedAnswer['weeks']> {
  const given = newParams()
  const part = readable(partOf(ctx, object, 'r', given))
  const [zone, now, hours] = [given.add(ctx.tenant.zone, 'text'), given.add(ctx.now, 'timestamptz'), given.add(alertHours, 'int')]
  return ctx.tx.query(`with weeks as (select date_trunc('week', ${now} at time zone ${zone}) - n * interval '7 days' as week from generate_series(0, ${given.add(WEEKS - 1, 'int')}) n),
    came as (select date_trunc('week', r.created_at at time zone ${zone}) as week, r.created_at as at, (select min(a.opened_at) from {t}.assignment a where a.record = r.id and a.role = 'owner' and not ${TAKEN_BACK}) as first
      from ${part.table} r where ${part.visible()} and r.created_at >= (select min(week) from weeks) at time zone ${zone})
    select to_char(w.week, 'YYYY-MM-DD') as "from", count(c.at)::int as came, count(*) filter (where c.first <= c.at + make_interval(hours => ${hours}))::int as "inTime",
      count(*) filter (where c.first is null and c.at > ${now} - make_interval(hours => ${hours}))::int as open
    from weeks w left join came c on c.week = w.week group by w.week order by w.week`, given.values)
}
