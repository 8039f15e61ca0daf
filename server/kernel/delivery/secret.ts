import { createHmac } from 'node:crypto'
import { refused } from '#contract'
import { signingRoot, type Tx } from '#platform/db'

/** `since`: real time at which it was made; null for a tenant's first. `until`: when it ends; null for the one in force. */
export interface SigningKey { number: number; key: string; since: Date | null; until: Date | null }

const OVERLAP = `interval '24 hours'`

/**
 * The keys that sign what a tenant sends out, as its receivers are given them, the one in force first; those before it for the day
 * after they were changed. Derived from the tenant's own secret, which lies sealed; every restore changes them. Two statements.
 * Refused SECRETS_UNREADABLE where this installation has not the key with which it was sealed.
 */
export async function signingKeys(tx: Tx): Promise<SigningKey[]> {
  const rows = await tx.query<{ number: number; since: Date | null; until: Date | null }>(`with made as (select 1 as number, null::timestamptz as made_at union all select number, made_at from {t}.signing_key),
      known as (select number, made_at as since, first_value(made_at) over (order by number rows between 1 following and 1 following) + ${OVERLAP} as until from made)
    select k.number, k.since, k.until from known k where k.until is null or k.until > clock_timestamp() order by k.number desc limit 5`)
  const root = (await signingRoot(tx)) ?? refused('SECRETS_UNREADABLE')
  return rows.map((row) => ({ ...row, key: derived(root, tx, row.number) }))
}

const derived = (secret: Buffer, { tenant }: Tx, number: number): string =>
  `nm_${createHmac('sha256', secret).update(`outgoing messages ${tenant.incarnation}${number === 1 ? '' : ` ${number}`}`).digest('hex')}`

/** From now on a new key signs; answers its number. The old one signs beside it for a day. */
export async function changeSigningKey(tx: Tx, member: number): Promise<number> {
  await tx.query('select from {t}.state for update')
  const [row] = await tx.query<{ number: number }>(`insert into {t}.signing_key (number, made_at, made_by) select coalesce(max(number), 1) + 1, clock_timestamp(), $1 from {t}.signing_key returning number`, [member])
  return row!.number
}
