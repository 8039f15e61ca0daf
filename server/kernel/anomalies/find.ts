import type { Context } from '#kernel/access'
import { BASE_FIELDS } from '#language/definitions'
import { protectedBy } from '#kernel/readings'
import { dayOf } from '#language/values'

/** `key`: told once. `record`: where to look first. */
export interface Anomaly { key: string; kind: 'repeated' | 'offHours' | 'grantThenExport' | 'untagged'; member: number; object: string | null; record: string | null; evidence: { zh: string; times: number; records: string[]; field?: string } }

const DAY_MS = 86_400_000
/** Which kinds of fields are moved to make a period look better. */
const MOVED = new Set(['date', 'datetime', 'money'])

/** Everything that the log of the last seven days shows. Four statements. */
export async function findAnomalies(ctx: Context, isWorkingTime: (at: Date) => boolean): Promise<Anomaly[]> {
  return (await Promise.all([repeated(ctx), offHours(ctx, isWorkingTime), grantThenExport(ctx), untagged(ctx)])).flat()
}

async function repeated({ tx, now, metadata, tenant }: Context): Promise<Anomaly[]> {
  const fields = [...metadata.objects.values()].flatMap(({ key, field }) => [...field.values()].filter((each) => MOVED.has(each.kind) && !each.readOnly && !each.formula && !each.rollup).map((each) => `${key} ${each.key}`))
  const rows = await tx.query<{ member: number; object: string; field: string; record: string; times: number; last: Date }>(`select a.actor_ref::int as member, c.object, f.key as field, c.record, count(*)::int as times, max(a.at) as last
    from {t}.act a join {t}.change c on c.act = a.id cross join lateral jsonb_object_keys(c.fields) as f(key)
    where a.at > $1 and a.actor_kind = 'member' and a.cause->>'kind' = 'member' and c.record_version > 1 and c.object || ' ' || f.key = any($2::text[]) and c.fields->f.key->>0 is not null
    group by 1, 2, 3, 4 having count(*) >= 3 order by times desc, c.record`, [new Date(now.getTime() - 7 * DAY_MS), fields])
  return [...Map.groupBy(rows, ({ member, object, field }) => `${member} ${object} ${field}`)].flatMap(([what, same]): Anomaly[] => {
    const [worst] = same
    if (worst!.times < 5 && same.length < 3) return []
    const times = same.reduce((sum, each) => sum + each.times, 0)
    const object = metadata.objects.get(worst!.object)!
    const label = object.field.get(worst!.field)?.label.zh ?? BASE_FIELDS[worst!.field as keyof typeof BASE_FIELDS]?.label.zh ?? worst!.field
    // A week is one story: it is told again only when another week begins.
    const week = Math.floor(Date.parse(dayOf(now.getTime(), tenant.zone)) / (7 * DAY_MS))
    return [{ key: `repeated ${what} ${week}`, kind: 'repeated', member: worst!.member, object: worst!.object, record: worst!.record, evidence: { zh: `7 天内把 ${same.length} 条${object.label.zh}的「${label}」改了 ${times} 次`, times, records: same.map(({ record }) => record), field: worst!.field } }]
  })
}

async function offHours({ tx, now, tenant }: Context, isWorkingTime: (at: Date) => boolean): Promise<Anomaly[]> {
  const rows = await tx.query<{ member: number; hour: Date; times: number; object: string; record: string }>(`select a.actor_ref::int as member, date_trunc('hour', a.at) as hour, count(*)::int as times, min(c.object) as object, min(c.record::text) as record
    from {t}.act a join {t}.change c on c.act = a.id where a.at > $1 and a.actor_kind = 'member' and a.cause->>'kind' = 'member' and c.object not like '%:%' group by 1, 2 having count(*) > 100`, [new Date(now.getTime() - DAY_MS)])
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: tenant.zone, dateStyle: 'short', timeStyle: 'short' })
  return rows.filter(({ hour }) => !isWorkingTime(new Date(hour.getTime() + 1_800_000))).map(({ member, hour, times, object, record }): Anomaly =>
    ({ key: `offHours ${member} ${hour.toISOString()}`, kind: 'offHours', member, object, record, evidence: { zh: `${time.format(hour)} 起一小时内（非工作时间）手工改了 ${times} 处`, times, records: [record] } }))
}

async function grantThenExport({ tx, now }: Context): Promise<Anomaly[]> {
  const rows = await tx.query<{ member: number; no: number; rows: number; object: string; by: string; minutes: number }>(`select e.member, e.no, e.rows, e.object, g.actor_ref as by, round(extract(epoch from e.at - g.at) / 60)::int as minutes from {t}.export e
    join lateral (select a.at, a.actor_ref from {t}.change c join {t}.act a on a.id = c.act where c.object = 'system:member' and c.record = ('00000000-0000-8000-8000-' || lpad(to_hex(e.member), 12, '0'))::uuid and c.record_version > 1
      and c.fields ? 'roles' and a.at between e.at - interval '30 minutes' and e.at order by a.at desc limit 1) g on true where e.at > $1`, [new Date(now.getTime() - DAY_MS)])
  return rows.map(({ member, no, rows: n, minutes }): Anomaly => ({ key: `grantThenExport E${no}`, kind: 'grantThenExport', member, object: null, record: null, evidence: { zh: `得到新角色 ${minutes} 分钟后导出了 ${n} 行（编号 E${no}）`, times: n, records: [] } }))
}

/** A tag that kept fields from others was taken off, and whoever did it read or exported them within a day. */
async function untagged({ tx, now, metadata, ...rest }: Context): Promise<Anomaly[]> {
  const ctx = { tx, now, metadata, ...rest }
  const guards = [...metadata.objects.keys()].flatMap((object) => [...protectedBy(ctx, object)].flatMap(([tag, fields]) => { const id = metadata.tags.byKey.get(tag)?.id; return id === undefined ? [] : [{ object, tag: id, fields: [...fields] }] }))
  if (guards.length === 0) return []
  const rows = await tx.query<{ act: number; member: number; object: string; record: string; tag: number; minutes: number; exported: boolean }>(`with guard as (select * from json_to_recordset($2) as g(object text, tag int, fields jsonb)),
    off as (select a.id as act, a.actor_ref::int as member, a.at, c.object, c.record, g.tag, array(select jsonb_array_elements_text(g.fields)) as fields from {t}.act a join {t}.change c on c.act = a.id join guard g on g.object = c.object
      where a.at > $1 and a.actor_kind = 'member' and c.fields->'tags'->0 @> to_jsonb(g.tag) and not coalesce(c.fields->'tags'->1 @> to_jsonb(g.tag), false)),
    looked as (select a.at, a.actor_ref::int as member, c.fields->'read'->1 as records, c.fields->'fields'->1 as fields from {t}.act a join {t}.change c on c.act = a.id where a.at > $1 and c.object = 'system:reading')
    select distinct on (o.act, o.record) o.act, o.member, o.object, o.record, o.tag, round(extract(epoch from coalesce(l.at, e.at) - o.at) / 60)::int as minutes, l.at is null as exported from off o
    left join lateral (select l.at from looked l where l.member = o.member and l.at between o.at and o.at + interval '1 day' and l.records ? o.record::text and (l.fields ?| o.fields or '*' = any(o.fields)) order by l.at limit 1) l on true
    left join lateral (select e.at from {t}.export e join {t}.export_row r on r.export = e.no where e.member = o.member and e.object = o.object and e.at between o.at and o.at + interval '1 day' and r.record = o.record and (e.fields && o.fields or '*' = any(o.fields)) order by e.at limit 1) e on true
    where l.at is not null or e.at is not null`, [new Date(now.getTime() - 2 * DAY_MS), JSON.stringify(guards)])
  return rows.map(({ act, member, object, record, tag, minutes, exported }): Anomaly =>
    ({ key: `untagged ${act} ${record}`, kind: 'untagged', member, object, record, evidence: { zh: `去掉保护标签「${metadata.tags.byId.get(tag)?.label.zh ?? ''}」${minutes} 分钟后${exported ? '导出' : '查看'}了它保护的内容`, times: 1, records: [record] } }))
}
