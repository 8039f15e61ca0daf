import { type Context, lensOf, memberRows } from '#kernel/access'
import { byIds } from '../related.ts'

export interface NotableRow { act: number; object: string; record: string; records: number; at: Date; actor: string; deleted: boolean; owner: number | null; title: string | null }

/** Deletions and changes of owner by members in the last seven days, one row per act, newest first, on records that the reader may see. */
export async function notable(ctx: Context, limit: number): Promise<NotableRow[]> {
  const rows = await ctx.tx.query<NotableRow>(`select c.act, min(c.object) as object, min(c.record::text) as record, count(*)::int as records, a.at, a.actor_ref as actor, bool_or(c.fields ? '$gone') as deleted, min((c.fields->'owner'->>1)::int) as owner
    from (select id, at, actor_kind, actor_ref from {t}.act order by id desc limit 5000) a join {t}.change c on c.act = a.id
    where a.at > $1::timestamptz - interval '7 days' and a.actor_kind = 'member' and c.record_version > 1 and (c.fields ? 'owner' or c.fields->'$gone'->>1 = 'true') and c.object = any($2)
    group by c.act, a.at, a.actor_ref order by a.at desc limit $3`, [ctx.now, [...ctx.metadata.objects.keys()].filter((key) => lensOf(ctx, key).can('read')), limit * 3])
  const members = await memberRows(ctx.tx)
  const titles = new Map<string, string>()
  for (const object of new Set(rows.map((row) => row.object))) for (const { id, title } of await byIds(ctx, object, rows.filter((row) => row.object === object && !row.deleted).map(({ record }) => record))) titles.set(id, title)
  const seesAll = ctx.principal.kind === 'kernel' || ctx.principal.member.rights.has('audit')
  const mine = ctx.principal.kind === 'member' ? new Set(ctx.principal.member.teamTree) : null
  const isMine = (actor: string) => members.get(Number(actor))?.teams.some((team) => mine?.has(team)) ?? false
  return rows.filter((row) => titles.has(row.record) || (row.deleted && (seesAll || isMine(row.actor)))).slice(0, limit)
    .map((row) => ({ ...row, actor: members.get(Number(row.actor))?.name ?? row.actor, title: titles.get(row.record) ?? null }))
}
