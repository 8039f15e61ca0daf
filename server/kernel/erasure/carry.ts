import { kernelContext, type Context } from '#kernel/access'
import { appendChanges, openActs } from '#kernel/changes'
import { bumpEpoch } from '#kernel/metadata'
import { tell } from '#kernel/delivery'
import { readRecords, writeOrRefuse, type Intent } from '#kernel/records'
import { holdSealer } from '#kernel/sealing'
import { pastTheGuard, type Tx } from '#platform/db'
import { wordsOf } from './person.ts'
import { neededBy, reachOf } from './reach.ts'
import { erasureAt } from './store.ts'
import { sweep } from './sweep.ts'
import { dropTraces } from './traces.ts'
import { NO_COUNTS, type Counts, type Erasure } from './types.ts'
import { wipe } from './wipe.ts'

/** `contents`: of files that nothing else uses; they leave the disk after the commit. */
export interface CarriedOut { erasure: Erasure; contents: Buffer[] }

/**
 * Carry out an erasure that was agreed to, in this transaction: one act, whose one change says how much of each kind went. Null: somebody else has.
 * Nobody seals meanwhile. Afterwards no table holds the person's contact points, and their name only where it is somebody else's.
 */
export async function carryErasure(tx: Tx, no: string): Promise<CarriedOut | null> {
  const erasure = await erasureAt(tx, no, { lock: true })
  if (erasure.state !== 'agreed') return null
  await tx.query(`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '30s', true)`)
  await holdSealer(tx)
  const ctx = await kernelContext(tx, { kind: 'member', id: erasure.askedBy }, { kind: 'erasure' })
  const [act] = await openActs(ctx, 1)
  const { counts, contents, joins } = await pastTheGuard(tx, () => erase(ctx, erasure, act!))
  const draft = { actor: ctx.actor, cause: ctx.cause, ip: erasure.ip, agent: erasure.agent, ...(joins ? { joins: act! } : {}) }
  const [last] = await tx.query<{ version: number }>('select coalesce(max(record_version), 0) as version from {t}.change where record = $1', [no])
  await appendChanges(ctx, [draft], [{ act: 0, object: 'system:erasure', record: no, recordVersion: last!.version + 1, event: 'changed', fields: Object.fromEntries(Object.entries(logged(counts)).map(([key, value]) => [key, [null, value] as const])), todo: false }], joins ? undefined : [act!])
  await tx.query(`update {t}.erasure set state = 'done', act = $2, counts = $3, trouble = null, done_at = $4 where id = $1`, [no, act, JSON.stringify(counts), tx.now])
  await bumpEpoch(tx)
  await tell(tx, [{ member: erasure.askedBy, kind: 'erasure_done', title: '个人信息已删除', body: '数据库、日志、附件里都已找不到；处理结果见申请', object: 'system:erasure', record: no, groupKey: null, event: null, rule: null }])
  return { erasure: await erasureAt(tx, no), contents }
}

/** As the log names them. */
const logged = ({ about, ...counts }: Counts) => ({ state: 'done', ...counts, deeds: about })

async function erase(ctx: Context, { records, everywhere, decidedBy }: Erasure, act: number): Promise<{ counts: Counts; contents: Buffer[]; joins: boolean }> {
  const { tx } = ctx
  const words = await wordsOf(ctx, records)
  const reach = await reachOf(ctx, records)
  const joins = await remove(ctx, reach.own, { act, decidedBy })
  await wipe(ctx, [...reach.own, ...reach.about], act)
  await tx.query(`insert into {t}.erased_record (record, object, act) select x.id, x.object, $2 from json_to_recordset($1) as x(id uuid, object text) on conflict do nothing`, [JSON.stringify(reach.own), act])
  const traces = await dropTraces(ctx, reach, words.strong)
  const swept = await sweep(ctx, { words, near: reach.near, everywhere, act })
  const [noted] = await tx.query<{ changes: number; acts: number }>('select (select count(*)::int from {t}.seal_erased where act = $1) as changes, (select count(*)::int from {t}.seal_erased_act where by = $1) as acts', [act])
  return { counts: { ...NO_COUNTS, records: reach.own.length, about: reach.about.length, ...traces.counts, mentions: swept.mentions, ...noted! }, contents: traces.contents, joins }
}

/** Their records go as any other does: owners' loads, pools and timers hear of it. What others belong to stays, emptied. False: none was there. */
async function remove(ctx: Context, own: Erasure['records'], { act, decidedBy }: { act: number; decidedBy: number | null }): Promise<boolean> {
  const needed = await neededBy(ctx, own)
  const intents: (Intent & { id: string })[] = []
  for (const [object, same] of Map.groupBy(own, (each) => each.object)) {
    const known = await readRecords(ctx, object, same.map(({ id }) => id))
    intents.push(...same.filter(({ id }) => known.get(id)?.gone === false && !needed.has(id)).map(({ id }) => ({ op: 'delete' as const, object, id })))
  }
  if (intents.length === 0) return false
  await writeOrRefuse(ctx, intents, { acts: [{ actor: ctx.actor, cause: ctx.cause }], actIds: [act], agreedBy: decidedBy ?? 0 })
  return true
}
