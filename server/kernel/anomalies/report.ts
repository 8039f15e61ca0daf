import { memberRows, type Context } from '#kernel/access'
import { tell } from '#kernel/delivery'
import { getRecords } from '#kernel/records'
import { findAnomalies, type Anomaly } from './find.ts'

const MOST_TOLD = 5
const NAMED = 3

/** Find, keep, and tell those who may audit – never whom it is about – of what is new. Answers what was new. */
export async function reportAnomalies(ctx: Context, isWorkingTime: (at: Date) => boolean): Promise<Anomaly[]> {
  const found = await findAnomalies(ctx, isWorkingTime)
  if (found.length === 0) return []
  const kept = await ctx.tx.query<{ key: string }>(`insert into {t}.anomaly (key, kind, member, found_at, evidence) select x.key, x.kind, x.member, $2, x.evidence from json_to_recordset($1) as x(key text, kind text, member int, evidence jsonb)
    on conflict (key) do nothing returning key`, [JSON.stringify(found), ctx.now])
  const fresh = found.filter(({ key }) => kept.some((each) => each.key === key))
  const members = await memberRows(ctx.tx)
  // Those who watch over risk and nothing else come first; administrators only where nobody else does.
  const rights = (roles: readonly string[]) => new Set(roles.flatMap((role) => ctx.metadata.roles.get(role)?.rights ?? []))
  const auditors = [...members.values()].filter(({ active, roles }) => active && rights(roles).has('audit')).sort((a, b) => rights(a.roles).size - rights(b.roles).size || a.id - b.id)
  for (const each of fresh) {
    const names = await namesOf(ctx, each)
    const told = auditors.filter(({ id }) => id !== each.member).slice(0, MOST_TOLD)
    await tell(ctx.tx, told.map(({ id }) => ({ member: id, kind: 'risk', title: `${members.get(each.member)?.name ?? ''}：${each.evidence.zh}`, body: names, object: each.object, record: each.record, groupKey: null, event: null, rule: null })))
  }
  return fresh
}

async function namesOf(ctx: Context, { object, evidence: { records } }: Anomaly): Promise<string | null> {
  if (!object || records.length === 0) return null
  const titles = (await getRecords(ctx, object, records.slice(0, NAMED), [])).map(({ title }) => title).filter(Boolean)
  return titles.length === 0 ? null : `${titles.join('、')}${records.length > NAMED ? ` 等 ${records.length} 条` : ''}`
}
