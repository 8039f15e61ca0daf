import { refused } from '#contract'
import { type Context, memberRows, params, readableLens } from '#kernel/access'
import { columnName } from '#language/conditions'
import { addDays, DAY_MS, dayOf, missingYears } from '#language/values'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

/** The year to come is announced in November; whoever plans needs it some weeks ahead. */
const AHEAD_DAYS = 60
const MOST_DAYS = 62
const MOST_MEMBERS = 50
const MOST_ROWS = 2_000

export const calendar: Some<'workingCalendar' | 'busy'> = {
  workingCalendar: async (ctx) => workingCalendar(ctx),
  busy: async (ctx, { query }) => ({ items: await busy(ctx, { ...query, members: [...new Set(query.members.map(Number))] }) }),
}

async function workingCalendar({ metadata: { calendar: { week, years }, calendar: known, calendarVersion }, now, tenant: { zone } }: Context) {
  const own = new Set(week.years.map(({ year }) => year))
  const today = dayOf(now.getTime(), zone)
  return {
    weekdays: [...week.weekdays], opens: week.opens, closes: week.closes, version: calendarVersion,
    years: [...years.values()].toSorted((a, b) => b.year - a.year).map((each) => ({ ...each, holidays: [...each.holidays], workdays: [...each.workdays], own: own.has(each.year) })),
    missing: missingYears(today, addDays(today, AHEAD_DAYS), known),
  }
}

interface Asked { object: string; from: string; to: string; members: readonly number[] }
interface Row { member: number; from: Date; to: Date; id: string | null; title: string | null }

/** That somebody is busy is told to every colleague who may use the calendar; with what, only to those who may read the event. */
async function busy(ctx: Context, { object: key, from, to, members }: Asked) {
  const lens = readableLens(ctx, key)
  const object = ctx.metadata.objects.get(key)!
  const { event, participants, table, title } = object
  if (!event || Date.parse(to) - Date.parse(from) > MOST_DAYS * DAY_MS || members.length > MOST_MEMBERS || !members.every(Number.isSafeInteger)) refused('REQUEST_INVALID', 'query', { reason: 'object, from, to, members' })
  const given = params()
  const [low, high, whom] = [given.add(from, 'timestamptz'), given.add(to, 'timestamptz'), given.add(members, 'int[]')]
  const [starts, ends] = [`r.${columnName(event!.starts)}`, `r.${columnName(event!.ends)}`]
  const there = participants === undefined ? 'r.owner = m.id' : `(r.owner = m.id or r.${columnName(participants)} @> array[m.id])`
  const seen = lens.reach('read', 'r', given)
  const rows = await ctx.tx.query<Row>(`select m.id as member, ${starts} as "from", ${ends} as "to", case when ${seen} then r.id end as id, case when ${seen} then ${lens.field(title)?.column('r', given) ?? 'null'} end as title
    from unnest(${whom}) as m(id) join ${table} r on ${there} where r.gone_act is null and ${starts} < ${high} and ${ends} > ${low} order by 2, 1 limit ${MOST_ROWS}`, given.values)
  return [...rows, ...(await awayBetween(ctx, { from, to, members }))].sort((a, b) => a.from.getTime() - b.from.getTime() || a.member - b.member).map((row) => ({ ...row, from: iso(row.from), to: iso(row.to) }))
}

/** Whoever is away is busy; why is nobody's business. */
async function awayBetween({ tx, request }: Context, { from, to, members }: Omit<Asked, 'object'>): Promise<Row[]> {
  const [rows, low, high] = [await memberRows(tx), Date.parse(from), Date.parse(to)]
  const title = request?.lang === 'en' ? 'Away' : '请假'
  return members.flatMap((member) => (rows.get(member)?.away ?? []).filter((away) => away.from < high && away.to > low).map((away) => ({ member, from: new Date(away.from), to: new Date(away.to), id: null, title })))
}
