import type { Context } from '#kernel/access'
import { DIGEST, GONE, type ChangeRow, type FieldChanges } from '#kernel/changes'
import { readRecords } from './images.ts'
import { moveLoads, movesBetween, type LoadMove } from './load.ts'
import { digestOf } from './persist.ts'
import { insertSql, sent } from './rows.ts'
import { planOf, type ObjectPlan } from './plan.ts'
import type { RecordImage, Values } from './types.ts'

/** One writing of the log: what one transaction did, in order. */
export type Writing = readonly ChangeRow[]

/**
 * Carries writings of the log into rows and loads of a store of the past (`ctx`): no lens, no log, no rules. Append-only records, of which the log keeps
 * the hash, are read from `living` and compared with it. A few statements per object.
 */
export async function carryPast(ctx: Context, living: Context, writings: readonly Writing[]): Promise<void> {
  const changes = writings.flat()
  const rows = new Map<string, PastRow>()
  for (const [object, same] of Map.groupBy(changes, (change) => change.object)) {
    const plan = planOf(ctx.metadata, object)
    if (plan) for (const row of await rowsBefore(plan.object.immutable ? living : ctx, plan, same)) rows.set(row.id, row)
  }
  const moves = writings.flatMap((writing) => movesOf(ctx, rows, writing))
  for (const [plan, same] of Map.groupBy([...rows.values()], ({ plan: each }) => each)) await placeRows(ctx, plan, same)
  for (const [at, same] of Map.groupBy(moves, (move) => move.at.getTime())) await moveLoads({ ...ctx, now: new Date(at) }, same)
}

interface PastRow { plan: ObjectPlan; id: string; version: number; gone: boolean; values: Values }

async function rowsBefore(from: Context, plan: ObjectPlan, changes: readonly ChangeRow[]): Promise<PastRow[]> {
  const ids = [...new Set(changes.map(({ record }) => record))]
  const known = await readRecords(from, plan.object.key, ids)
  if (plan.object.immutable) checkHashes(plan, known, changes)
  return ids.map((id) => rowOf(plan, id, known.get(id)))
}

const rowOf = (plan: ObjectPlan, id: string, known: RecordImage | undefined): PastRow =>
  ({ plan, id, version: known?.recordVersion ?? 0, gone: !plan.object.immutable && (known?.gone ?? false), values: { ...known?.values, id } })

function checkHashes(plan: ObjectPlan, known: ReadonlyMap<string, RecordImage>, changes: readonly ChangeRow[]): void {
  for (const { record, fields } of changes) checkHash(plan, record, known.get(record), fields)
}

function checkHash(plan: ObjectPlan, record: string, row: RecordImage | undefined, fields: FieldChanges): void {
  if (!row || (fields[DIGEST] && fields[DIGEST][1] !== digestOf(plan, row.values))) throw new Error(`${plan.object.key} ${record} is not what the log says it was`)
}

/** Throws where an append-only row is not what the log says of it. */
export function checkBorn({ metadata }: Pick<Context, 'metadata'>, { object, record, fields }: Pick<ChangeRow, 'object' | 'record' | 'fields'>, row: RecordImage | undefined): void {
  const plan = planOf(metadata, object)
  if (plan) checkHash(plan, record, row, fields)
}

/** Advances the rows, and tells whose loads moved: once per record and writing, as the write path does it. */
function movesOf(ctx: Context, rows: ReadonlyMap<string, PastRow>, writing: Writing): (LoadMove & { at: Date })[] {
  return [...Map.groupBy(writing, ({ record }) => record)].flatMap(([id, changes]) => {
    const row = rows.get(id)
    if (!row) return []
    const { plan } = row
    const { act, at } = changes.at(-1)!
    const bound = { me: null, myTeams: [], now: at, zone: ctx.tenant.zone, calendar: ctx.metadata.calendar }
    const before = row.version > 0 ? { gone: row.gone, values: { ...row.values } } : null
    for (const change of changes) advance(row, change)
    return movesBetween(plan, [before, row], bound).map((move) => ({ ...move, object: plan.object.key, record: id, act, at }))
  })
}

function advance(row: PastRow, { recordVersion, fields, at, actor }: ChangeRow): void {
  if (row.plan.object.immutable && recordVersion === 1) return
  row.version = recordVersion
  const by = actor.kind === 'member' ? actor.id : null
  if (recordVersion === 1) Object.assign(row.values, { created_at: at.toISOString(), created_by: by })
  Object.assign(row.values, { updated_at: at.toISOString(), updated_by: by })
  for (const [key, [, after]] of Object.entries(fields)) {
    if (key === GONE) row.gone = after === true
    else row.values[key] = after
  }
}

async function placeRows({ tx }: Context, plan: ObjectPlan, rows: readonly PastRow[]): Promise<void> {
  await tx.query(`delete from ${plan.object.table} where id = any($1::uuid[])`, [rows.map(({ id }) => id)])
  await tx.query(insertSql(plan), sent(plan.cells, rows.map(({ gone, ...row }) => ({ ...row, goneAct: gone ? 0 : null }))))
}
