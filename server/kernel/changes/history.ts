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

/** Everything that these acts did, in the order in which it was done. */
export async function changesOfActs(tx: Tx, acts: readonly number[]): Promise<ChangeRow[]> {
  const rows = await tx.query<LogRow>(`${SELECT} where c.act = any($1::bigint[]) order by c.act, c.record, c.record_version`, [acts], { name: 'changes of acts' })
  return rows.map(changeRow)
}

/** `person`: a member or a form made it; undoing is not counted as work. */
export interface Later { object: string; record: string; version: number; field: string; person: boolean }

/** What has changed on these records after the named versions, field by field, but for what the acts `but` did. */
export function laterChanges(tx: Tx, records: readonly { object: string; record: string; version: number }[], but: readonly number[]): Promise<Later[]> {
  return tx.query<Later>(`select c.object, c.record, max(c.record_version) as version, f.field, bool_or(a.actor_kind in ('member', 'source') and a.cause->>'kind' <> 'undo') as person
    from json_to_recordset($1) as x(object text, record uuid, version int) join {t}.change c on c.record = x.record and c.object = x.object and c.record_version > x.version
    join {t}.act a on a.id = c.act cross join lateral jsonb_object_keys(c.fields) as f(field)
    where c.act <> all($2::bigint[]) group by c.object, c.record, f.field`, [JSON.stringify(records), but], { name: 'later changes' })
}

/** Who made these records and because of what. One statement. */
export async function birthsOf(tx: Tx, records: readonly string[]): Promise<Map<string, Pick<ChangeRow, 'actor' | 'cause'>>> {
  if (records.length === 0) return new Map()
  const rows = await tx.query<LogRow>(`${SELECT} where c.record = any($1::uuid[]) and c.record_version = 1`, [records], { name: 'births' })
  return new Map(rows.map(changeRow).map(({ record, actor, cause }) => [record, { actor, cause }]))
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
