import type { Actor, Cause } from '#kernel/access'
import type { Tx } from '#platform/db'
import type { ChangeEvent, ChangeRow, FieldChanges, HistoryPage } from './types.ts'

/** Fields of a change that no definition can have: the row was deleted or restored; the digest of an append-only row. */
export const GONE = '$gone'
export const DIGEST = '$hash'

export const eventOf = (recordVersion: number, fields: FieldChanges): ChangeEvent => {
  if (recordVersion === 1) return 'created'
  return fields[GONE] === undefined ? 'changed' : fields[GONE][1] === true ? 'deleted' : 'restored'
}

/** Changes of one record, newest first; `before` is a record version. Unfiltered: callers pass it through a lens. */
export async function changesOf(tx: Tx, object: string, record: string, { before, limit }: HistoryPage): Promise<ChangeRow[]> {
  const rows = await tx.query<LogRow>(`${SELECT} where c.record = $1 and c.object = $2 and ($3::int is null or c.record_version < $3) order by c.record_version desc limit $4`, [record, object, before ?? null, limit], { name: 'changes of a record' })
  return rows.map(changeRow)
}

/** Every change of these records in order, for replay. */
export async function logOf(tx: Tx, records: readonly string[]): Promise<Map<string, ChangeRow[]>> {
  const rows = await tx.query<LogRow>(`${SELECT} where c.record = any($1::uuid[]) order by c.record, c.record_version`, [records])
  return Map.groupBy(rows.map(changeRow), ({ record }) => record)
}

/** Every change from one place of the log to another (the first excluded), in its order. */
export async function logBetween(tx: Tx, from: number, to: number): Promise<ChangeRow[]> {
  return (await tx.query<LogRow>(`${SELECT} where c.seq > $1 and c.seq <= $2 order by c.seq`, [from, to])).map(changeRow)
}

const SELECT = `select c.seq, c.act, c.object, c.record, c.record_version, c.fields, a.at, a.actor_kind, a.actor_ref, a.cause, a.ip, a.agent, a.request, a.reason
  from {t}.change c join {t}.act a on a.id = c.act`

interface LogRow extends Pick<ChangeRow, 'seq' | 'act' | 'object' | 'record' | 'fields' | 'at' | 'cause' | 'ip' | 'agent' | 'request' | 'reason'> { record_version: number; actor_kind: Actor['kind']; actor_ref: string }

const changeRow = ({ record_version, actor_kind, actor_ref, ...row }: LogRow): ChangeRow =>
  ({ ...row, recordVersion: record_version, event: eventOf(record_version, row.fields), actor: actorOf(actor_kind, actor_ref, row.cause) })

export function actorOf(kind: Actor['kind'], ref: string, cause: Cause): Actor {
  switch (kind) {
    case 'member': return { kind, id: Number(ref) }
    case 'rule': return { kind, key: ref, event: cause.event ?? 0, depth: cause.depth ?? 0 }
    case 'source': return { kind, form: ref }
    case 'system': return { kind, reason: ref }
  }
}

export interface Rebuilt { values: Record<string, unknown>; recordVersion: number; gone: boolean; createdAt: Date; updatedAt: Date; digest: string | null }

/** What the log alone says a record is, from all its changes in order; null when it has none or a version is missing. */
export function rebuild(changes: readonly ChangeRow[]): Rebuilt | null {
  if (changes.length === 0 || changes.some(({ recordVersion }, i) => recordVersion !== i + 1)) return null
  const after: Record<string, unknown> = {}
  for (const { fields } of changes) for (const [key, [, value]] of Object.entries(fields)) after[key] = value
  const { [GONE]: gone = false, [DIGEST]: digest = null, ...values } = after
  return { values, recordVersion: changes.length, gone: gone === true, createdAt: changes[0]!.at, updatedAt: changes.at(-1)!.at, digest: digest as string | null }
}
