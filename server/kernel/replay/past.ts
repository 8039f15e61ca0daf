import { kernelContext, type Context } from '#kernel/access'
import { logBetween, type ChangeRow } from '#kernel/changes'
import { carryPast } from '#kernel/records'
import { createScratch, type Tenant, type Tx } from '#platform/db'
import { carryConfiguration, isConfiguration, openShapes } from './configuration.ts'
import { partsOf, writingsOf } from './parts.ts'

const SYSTEM = { kind: 'system', reason: 'replay' } as const
/** Numbers that the past itself gives out begin here, beyond every number of the log. */
const FIRST_OWN = 2 ** 50

/**
 * A tenant as it stood at some place of its log: a schema of its own inside the caller's transaction, fed by the log alone, that goes with the
 * transaction. Whatever reads and writes through a Context works on it. It holds back vacuum as long as it is open.
 */
export interface Past {
  /** The place of the log (change.seq) up to which it has been fed. */
  readonly position: number
  /** Feeds it up to this place; it never goes back. */
  advance(to: number): Promise<void>
  /** What history tells of these events, for rules that ask whether they have been here. */
  copyRuns(events: readonly number[]): Promise<void>
  /** The past at an instant, in a transaction handle of its own: locks noted by an earlier one are not known to it. */
  at(now: Date): Promise<Context>
}

/** `live`: an open writing transaction of the tenant. Costs about a quarter of a second. */
export async function openPast(live: Tx): Promise<Past> {
  const tenant: Tenant = { ...live.tenant, schema: `${live.tenant.schema}_past_${crypto.randomUUID().slice(0, 8)}` }
  const living = await kernelContext(live, SYSTEM, { kind: 'backfill' })
  const shapes = openShapes()
  let [position, epoch] = [0, 1]
  const txAt = (now: Date): Tx => ({ tenant, now, epoch, afterCommit: () => {}, query: (text, values) => live.query(text.replaceAll('{t}', `"${tenant.schema}"`), values) })
  const at = (now: Date): Promise<Context> => kernelContext(txAt(now), SYSTEM, { kind: 'backfill' })
  await createScratch(txAt(live.now))
  await txAt(live.now).query(`select setval('{t}.act_id', ${FIRST_OWN}), setval('{t}.change_seq', ${FIRST_OWN})`)

  async function carry(part: readonly ChangeRow[]): Promise<void> {
    const now = part[0]!.at
    if (isConfiguration(part[0]!)) { await carryConfiguration({ tx: txAt(now), living: live, shapes }, part); epoch++ }
    else await carryPast(await at(now), living, writingsOf(part))
    await txAt(now).query('update {t}.state set epoch = $1', [epoch])
  }
  async function advance(to: number): Promise<void> {
    if (to <= position) return
    const log = await logBetween(live, position, to)
    for (const part of partsOf(log, (a, b) => isConfiguration(a) === isConfiguration(b))) await carry(part)
    await copyLog(live, tenant, { from: position, to })
    position = to
  }
  const copyRuns = async (events: readonly number[]): Promise<void> => void (await live.query(`insert into "${tenant.schema}".run (event, rule, version, status, object, record, started_at, finished_at, seen, epoch)
    select event, rule, version, status, object, record, started_at, started_at, jsonb_build_object('pushed', seen->'pushed'), epoch from {t}.run where event = any($1::bigint[]) on conflict do nothing`, [events]))
  return { get position() { return position }, advance, copyRuns, at }
}

/** The log of the past is part of it: what happened since a change is asked of it. */
async function copyLog(live: Tx, { schema }: Tenant, { from, to }: { from: number; to: number }): Promise<void> {
  await live.query(`insert into "${schema}".act select a.* from {t}.act a where a.id in (select c.act from {t}.change c where c.seq > $1 and c.seq <= $2) on conflict do nothing`, [from, to])
  await live.query(`insert into "${schema}".change select c.* from {t}.change c where c.seq > $1 and c.seq <= $2`, [from, to])
}
