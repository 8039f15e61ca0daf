import { randomUUID } from 'node:crypto'
import { memberRows, type Context } from '#kernel/access'
import { appendChanges, openActs } from '#kernel/changes'
import { tell } from '#kernel/delivery'
import type { ObjectMetadata } from '#kernel/metadata'
import { keepDays, PURGE_WARNING_DAYS } from '#kernel/records'
import { dropSalts, holdSealer } from '#kernel/sealing'
import { pastTheGuard } from '#platform/db'
import { neededBy } from './reach.ts'

/** So many at once: one short transaction after the other. */
const BATCH = 2_000

/** Whoever deleted them is told a week before they are gone for good; once per deletion and object. Answers how many deletions. */
export async function warnOfPurge(ctx: Context): Promise<number> {
  const { tx, now, metadata } = ctx
  const members = await memberRows(tx)
  let told = 0
  for (const object of purged(ctx)) {
    const due = await tx.query<{ act: number; kind: string; ref: string; n: number }>(`insert into {t}.purge_notice (act, object, told_at)
      select distinct r.gone_act, $1, $2::timestamptz from ${object.table} r join {t}.act a on a.id = r.gone_act where r.gone_act is not null and ${NOT_ERASED} and a.at <= $2::timestamptz - make_interval(days => $3::int)
      on conflict do nothing returning act, (select actor_kind from {t}.act a where a.id = act) as kind, (select actor_ref from {t}.act a where a.id = act) as ref, (select count(*)::int from ${object.table} r where r.gone_act = act) as n`, [object.key, now, keepDays(object) - PURGE_WARNING_DAYS])
    told += due.length
    const byMember = Map.groupBy(due.filter(({ kind, ref }) => kind === 'member' && members.get(Number(ref))?.active), ({ ref }) => Number(ref))
    const label = metadata.objects.get(object.key)!.label.zh
    await tell(tx, [...byMember].map(([member, some]) => ({ member, kind: 'system', title: `回收站里有 ${some.reduce((sum, { n }) => sum + n, 0)} 条${label}将在 ${PURGE_WARNING_DAYS} 天后彻底删除`, body: '要留下的，请在回收站里恢复', object: 'system:trash', record: null, groupKey: `purge:${object.key}`, event: null, rule: null })))
  }
  return told
}

/**
 * What has lain in the recycle bin for its time and was announced is gone for good: rows, files, submissions and traces; the log keeps that each change
 * was made, by whom and when, and what it was committed to. What living records belong to stays. One batch; answers how many, and contents of files.
 */
export async function purge(ctx: Context): Promise<{ records: number; contents: Buffer[] }> {
  for (const object of purged(ctx)) {
    const all = await due(ctx, object)
    const needed = all.length > 0 ? await neededBy(ctx, all.map((id) => ({ object: object.key, id }))) : new Set<string>()
    const ids = all.filter((id) => !needed.has(id))
    if (ids.length > 0) return { records: ids.length, contents: await purgeThese(ctx, object, ids) }
  }
  return { records: 0, contents: [] }
}

const purged = ({ metadata }: Context): ObjectMetadata[] => [...metadata.objects.values()].filter(({ immutable }) => !immutable)
const NOT_ERASED = 'not exists (select from {t}.erased_record e where e.record = r.id)'

async function due({ tx, now }: Context, object: ObjectMetadata): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(`select r.id from ${object.table} r join {t}.act a on a.id = r.gone_act join {t}.purge_notice n on n.act = r.gone_act and n.object = $1
    where r.gone_act is not null and ${NOT_ERASED} and a.at <= $2::timestamptz - make_interval(days => $3::int) and n.told_at <= $2::timestamptz - interval '${PURGE_WARNING_DAYS} days'
    order by r.gone_act, r.id limit ${BATCH} for update of r`, [object.key, now, keepDays(object)])
  return rows.map(({ id }) => id)
}

async function purgeThese(ctx: Context, object: ObjectMetadata, ids: readonly string[]): Promise<Buffer[]> {
  const { tx } = ctx
  await holdSealer(tx)
  const [act] = await openActs(ctx, 1)
  const gone = await pastTheGuard(tx, async () => {
    const changes = await dropSalts(tx, ids, act!)
    await tx.query(`update {t}.change c set fields = (select coalesce(jsonb_object_agg(f.key, case when f.key = '$gone' then f.value else '[null, null]'::jsonb end), '{}') from jsonb_each(c.fields) f) where c.record = any($1::uuid[])`, [ids])
    await tx.query('insert into {t}.erased_record (record, object, act) select id, $2, $3 from unnest($1::uuid[]) id on conflict do nothing', [ids, object.key, act])
    await tx.query(`delete from ${object.table} where id = any($1::uuid[])`, [ids])
    return { changes, contents: await leftovers(ctx, ids) }
  })
  await appendChanges(ctx, [{ actor: ctx.actor, cause: ctx.cause }], [{ act: 0, object: 'system:purge', record: randomUUID(), recordVersion: 1, event: 'created', fields: { object: [null, object.label.zh], records: [null, ids.length], changes: [null, gone.changes], acts: [null, 0] }, todo: false }], [act!])
  return gone.contents
}

/** What hangs on a row that is gone. What rules saw and whose it was stay: they tell of the house, not of the record. */
async function leftovers({ tx }: Context, ids: readonly string[]): Promise<Buffer[]> {
  const files = await tx.query<{ sha256: Buffer }>(`delete from {t}.file f where exists (select from {t}.file_use u where u.file = f.id and u.record = any($1::uuid[])) and not exists (select from {t}.file_use u where u.file = f.id and u.record <> all($1::uuid[])) returning sha256`, [ids])
  for (const text of ['delete from {t}.file_use where record = any($1::uuid[])', 'delete from {t}.notification where record = any($1::uuid[])', 'delete from {t}.identity where record = any($1::uuid[])', 'delete from {t}.timeline where record = any($1::uuid[]) or subject = any($1::uuid[])',
    `update {t}.raw_intake set body = '', ip = null, agent = null where record = any($1::uuid[])`, 'delete from {t}.follow where record = any($1::uuid[])', 'delete from {t}.draft where record = any($1::uuid[])']) await tx.query(text, [ids])
  return files.map(({ sha256 }) => sha256)
}
