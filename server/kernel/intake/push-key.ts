import { createHmac } from 'node:crypto'
import { refused } from '#contract'
import { signingRoot, type Tx } from '#platform/db'

/** `since`: real time at which it was made; null for a rule's first. `until`: when it ends; null for the one in force. */
export interface PushKey { number: number; key: string; since: Date | null; until: Date | null }

/**
 * The keys by which what is sent to a rule's address is known, the one in force first; the one before it for a day after it was changed. Derived from the
 * tenant's own secret, which lies sealed, so none is stored. Two statements. Refused SECRETS_UNREADABLE as `signingKeys`.
 */
export async function pushKeys(tx: Tx, rule: string): Promise<PushKey[]> {
  const rows = await tx.query<{ number: number; since: Date | null; until: Date | null }>(`with made as (select 1 as number, null::timestamptz as made_at union all select number, made_at from {t}.push_key where rule = $1),
      known as (select number, made_at as since, first_value(made_at) over (order by number rows between 1 following and 1 following) + interval '24 hours' as until from made)
    select k.number, k.since, k.until from known k where k.until is null or k.until > clock_timestamp() order by k.number desc limit 3`, [rule], { name: 'push keys' })
  const root = (await signingRoot(tx)) ?? refused('SECRETS_UNREADABLE')
  return rows.map((row) => ({ ...row, key: `nmp_${createHmac('sha256', root).update(`incoming ${rule} ${row.number}`).digest('hex')}` }))
}

/** From now on a new key is known; answers its number. The old one is good for a day. */
export async function changePushKey(tx: Tx, rule: string, member: number): Promise<number> {
  await tx.query('select from {t}.state for update')
  const [row] = await tx.query<{ number: number }>('insert into {t}.push_key (rule, number, made_at, made_by) select $1, coalesce(max(number), 1) + 1, clock_timestamp(), $2 from {t}.push_key where rule = $1 returning number', [rule, member])
  return row!.number
}
