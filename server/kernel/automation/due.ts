import type { Tx } from '#platform/db'
import type { TimerDraft } from './types.ts'

/** A timer that has come. */
export interface Due { key: string; seq: number; position: number; at: Date; kind: TimerDraft['kind']; payload: TimerDraft['payload'] }

/** These set others. */
const SETTING: readonly Due['kind'][] = ['schedule', 'segment', 'armed']
export const setsOthers = ({ kind }: Due): boolean => SETTING.includes(kind)

/** Advisory locks of one tenant, beside those of its queues: 200–207 are the lanes, 208 that of timers that set others. */
const LANES = 200
const OF_RECORDS = 8
/** A taker leaves the other lanes to others. */
const LANES_AT_ONCE = 4
/** How many are looked at for each that is taken: they lie in all lanes. */
const LOOKED_AT = 2

/**
 * Takes up to `limit` timers that are due, the oldest first, with a number for each, until this transaction ends. A record's timers lie in one lane, and nobody
 * else takes from a lane meanwhile: who fires one of them sets and lifts the others, and two who each hold what the other wants to set would put each other off
 * again and again. Timers that set others are taken alone, when they are the oldest. `keys`: of these only.
 */
export const takeDue = (tx: Tx, limit: number, keys: readonly string[] | null = null): Promise<Due[]> =>
  tx.query<Due>(TAKE, [tx.now, limit, tx.tenant.id, keys], { name: 'take due' })

const TAKE = `with due as materialized (
    select key, due_at, case when kind in (${SETTING.map((kind) => `'${kind}'`).join(', ')}) then ${OF_RECORDS} else coalesce(hashtext(payload->>'record'), 0) & ${OF_RECORDS - 1} end as lane
    from {t}.timer where due_at <= $1 and ($4::text[] is null or key = any($4)) order by due_at limit ${LOOKED_AT} * $2::int),
  lanes as materialized (select lane, min(due_at) as oldest from due group by lane),
  alone as materialized (select lane from (select lane from lanes order by oldest, lane limit 1) first where lane = ${OF_RECORDS} and pg_try_advisory_xact_lock($3::int, ${LANES} + lane)),
  turn as materialized (select lane from lanes where lane < ${OF_RECORDS} and not exists (select from alone) order by oldest),
  several as materialized (select lane from turn where pg_try_advisory_xact_lock($3::int, ${LANES} + lane) limit ${LANES_AT_ONCE}),
  taken as (delete from {t}.timer where key = any(array(
      select key from {t}.timer where key = any(array(select d.key from due d where d.lane in (select lane from alone union all select lane from several) order by d.due_at limit $2)) and due_at <= $1 for update skip locked))
    returning key, kind, payload, due_at)
  select (select last_value from {t}.change_seq) as position, nextval('{t}.change_seq') as seq, due_at as at, key, kind, payload from (select * from taken order by due_at) d`
