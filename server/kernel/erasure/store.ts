import { refused } from '#contract'
import type { Context } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { Erasure } from './types.ts'

const COLUMNS = `id as no, object, record as id, records, everywhere, reason, asked_by as "askedBy", asked_at as "askedAt", ip, agent, state, decided_by as "decidedBy", decided_at as "decidedAt", decision, act, counts, trouble, done_at as "doneAt"`

/** Refused NOT_FOUND. `lock`: nobody else decides or carries out meanwhile. */
export async function erasureAt(tx: Tx, no: string, { lock = false } = {}): Promise<Erasure> {
  const [row] = await tx.query<Erasure>(`select ${COLUMNS} from {t}.erasure where id = $1${lock ? ' for update' : ''}`, [no])
  return row ?? refused('NOT_FOUND')
}

/** Newest first. */
export const erasures = ({ tx }: Context): Promise<Erasure[]> => tx.query<Erasure>(`select ${COLUMNS} from {t}.erasure order by asked_at desc, id desc limit 200`)

/** One for this record that is not settled yet; null: none. */
export async function openErasure(tx: Tx, record: string): Promise<Erasure | null> {
  const [row] = await tx.query<Erasure>(`select ${COLUMNS} from {t}.erasure where state in ('waiting', 'agreed') and records @> jsonb_build_array(jsonb_build_object('id', $1::text)) order by asked_at limit 1`, [record])
  return row ?? null
}

/** What waits to be carried out, in the order in which it was agreed to. */
export const agreedErasures = async (tx: Tx): Promise<string[]> => (await tx.query<{ no: string }>(`select id as no from {t}.erasure where state = 'agreed' order by decided_at, id`)).map(({ no }) => no)

/** Everything that was ever carried out, oldest first: what a restore has to do again. */
export const doneErasures = (tx: Tx): Promise<Erasure[]> => tx.query<Erasure>(`select ${COLUMNS} from {t}.erasure where state = 'done' order by done_at, id`)

/** An erasure that this tenant had carried out before it came back from a backup, to be carried out again. */
export async function enterAgain(tx: Tx, { no, object, id, records, everywhere, askedBy, askedAt, decidedBy, decidedAt }: Erasure): Promise<void> {
  await tx.query(`insert into {t}.erasure (id, object, record, records, everywhere, asked_by, asked_at, state, decided_by, decided_at) values ($1, $2, $3, $4, $5, $6, $7, 'agreed', $8, $9)
    on conflict (id) do update set state = 'agreed', records = excluded.records, everywhere = excluded.everywhere, decided_by = excluded.decided_by, decided_at = excluded.decided_at where erasure.state <> 'done'`,
  [no, object, id, JSON.stringify(records), everywhere, askedBy, askedAt, decidedBy, decidedAt])
}
