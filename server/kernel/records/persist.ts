import { hash } from 'node:crypto'
import { refuse, Refused } from '#contract'
import { appendChanges, DIGEST, GONE, openActs, type ChangeDraft, type ChangeEvent } from '#kernel/changes'
import { sqlState } from '#platform/db'
import { memberOf } from './apply.ts'
import type { Batch, Draft, Step } from './batch.ts'
import { settleLoad, turnsOf } from './load.ts'
import { settleStays, staysOf } from './stays.ts'
import { type ObjectPlan } from './plan.ts'
import { insertSql, sent, updateSql } from './rows.ts'
import { newFiles } from './validate.ts'
import { same } from './values.ts'
import type { Values } from './types.ts'

/** Rows, assignments and the log leave together: one statement each per object and kind of change, one round trip in all. */
export async function persist(batch: Batch): Promise<void> {
  const changed = [...batch.drafts.values()].filter(prune)
  if (changed.length === 0) return
  const [turns, stays] = [await turnsOf(batch), staysOf(changed)]
  const ids = batch.options.actIds ?? (turns.length > 0 || stays.length > 0 || changed.some(isGoing) ? (await openActs(batch.ctx, batch.acts.length)).map((id, act) => batch.acts[act]!.joins ?? id) : undefined)
  // PostgreSQL is busy with the rows while the log is put into words.
  const rows = writeRows(batch, changed, ids)
  const changes = changed.flatMap((draft) => changesOfDraft(batch, draft))
  const named = new Set(changes.map(({ change }) => change.act))
  await Promise.all([
    ...rows,
    settleLoad(batch, turns, ids ?? []),
    settleStays(batch, stays, ids ?? []),
    ...noteFiles(batch, changed),
    appendChanges(batch.ctx, batch.acts, changes.map(({ change }) => change), ids?.map((id, act) => (named.has(act) ? id : undefined)))
      .then((appended) => appended.forEach(({ seq, act }, i) => Object.assign(changes[i]!.step, { seq, actId: act }))),
  ]).catch(asRefusal(batch))
}

/** Where a file has stood: what is used is kept, and may be put back there. */
function noteFiles({ ctx }: Batch, changed: readonly Draft[]): Promise<unknown>[] {
  const uses = changed.flatMap((draft) => draft.plan.files.flatMap((field) => newFiles(draft, field).map((file) => ({ file, object: draft.plan.object.key, record: draft.id, field }))))
  if (uses.length === 0) return []
  return [ctx.tx.query(`insert into {t}.file_use (file, object, record, field, at) select x.file, x.object, x.record, x.field, $2 from json_to_recordset($1) as x(file uuid, object text, record uuid, field text) on conflict do nothing`, [JSON.stringify(uses), ctx.now], { name: 'file uses' })]
}

/** Forget what ended as it began; does anything remain? */
function prune(draft: Draft): boolean {
  for (const step of draft.steps) for (const [key, [before, after]] of Object.entries(step.fields)) if (same(before, after)) delete step.fields[key]
  draft.steps = draft.steps.filter(({ fields }, i) => Object.keys(fields).length > 0 || (i === 0 && draft.before === null))
  return draft.steps.length > 0
}

const isGoing = ({ steps }: Draft): boolean => steps.some(({ fields }) => fields[GONE] !== undefined)
export const versionAfter = ({ before, steps }: Draft): number => (before?.recordVersion ?? 0) + steps.length

function writeRows(batch: Batch, changed: readonly Draft[], ids: readonly number[] | undefined): Promise<unknown>[] {
  const byPlan = [...Map.groupBy(changed, ({ plan }) => plan)]
  return byPlan.flatMap(([plan, drafts]) => {
    const [born, known] = [drafts.filter(({ before }) => before === null), drafts.filter(({ before }) => before !== null)]
    // First what is there lets go of its unique values.
    return [...updateRows(batch, plan, known, ids), ...insertRows(batch, plan, born, ids)]
  })
}

function insertRows({ ctx }: Batch, plan: ObjectPlan, born: readonly Draft[], ids: readonly number[] | undefined): Promise<unknown>[] {
  if (born.length === 0) return []
  const rows = born.map((draft) => ({ id: draft.id, version: versionAfter(draft), goneAct: goneAct(draft, ids), values: draft.values }))
  return [ctx.tx.query(insertSql(plan), sent(plan.cells, rows), { name: 'insert' })]
}

function updateRows(batch: Batch, plan: ObjectPlan, known: readonly Draft[], ids: readonly number[] | undefined): Promise<unknown>[] {
  if (known.length === 0) return []
  const keys = new Set(known.flatMap(({ steps }) => steps.flatMap(({ fields }) => Object.keys(fields))))
  const cells = plan.cells.filter(({ key }) => keys.has(key) || key === 'updated_at' || key === 'updated_by')
  const rows = known.map((draft) => {
    draft.values['updated_at'] = batch.ctx.now.toISOString()
    draft.values['updated_by'] = memberOf(batch.acts[draft.steps.at(-1)!.act]!)
    return { id: draft.id, version: versionAfter(draft), goneAct: goneAct(draft, ids), values: draft.values }
  })
  return [batch.ctx.tx.query(updateSql(plan, cells, keys.has(GONE)), sent(cells, rows), { name: 'update' })]
}

function goneAct(draft: Draft, ids: readonly number[] | undefined): number | null {
  if (!draft.gone) return null
  const step = draft.steps.findLast(({ fields }) => fields[GONE]?.[1] === true)
  // Gone before and only touched since cannot be: gone records are not changed.
  return ids![step!.act]!
}

/** What the batch has come to, change by change. */
export const changesIn = (batch: Batch): ChangeDraft[] => [...batch.drafts.values()].filter(prune).flatMap((draft) => changesOfDraft(batch, draft)).map(({ change }) => change)

function changesOfDraft({ ctx, acts }: Batch, draft: Draft): { step: Step; change: ChangeDraft }[] {
  const { plan: { object }, id, before } = draft
  return draft.steps.map((step, i) => {
    const recordVersion = (before?.recordVersion ?? 0) + i + 1
    const event = eventOf(step, recordVersion)
    const fields = object.immutable ? { [DIGEST]: [null, digestOf(draft.plan, draft.values)] as const } : step.fields
    const timeline = (object.timeline ?? []).map((key) => step.fields[key]?.[1]).filter(Boolean).map((to) => (typeof to === 'string' ? to : (to as { id: string }).id))
    const todo = ctx.metadata.listens(object.key, event, step.fields, { cause: acts[step.act]!.cause, now: ctx.now, zone: ctx.tenant.zone, after: () => imageAfter(draft, i) })
    return { step, change: { act: step.act, object: object.key, record: id, recordVersion, event, fields, timeline, todo, ...(object.comment && { news: true }) } }
  })
}

/** The record as one of its steps leaves it. */
function imageAfter({ values, steps }: Draft, i: number): Values {
  if (i === steps.length - 1) return values
  return Object.assign({ ...values }, ...steps.slice(i + 1).reverse().map(({ fields }) => Object.fromEntries(Object.entries(fields).map(([key, [before]]) => [key, before]))))
}

function eventOf({ fields }: Step, recordVersion: number): ChangeEvent {
  if (recordVersion === 1) return 'created'
  return fields[GONE] === undefined ? 'changed' : fields[GONE][1] ? 'deleted' : 'restored'
}

/** The row of an append-only record as one number: its filled cells in the order of their keys. */
export function digestOf({ cells }: Pick<ObjectPlan, 'cells'>, values: Values): string {
  const filled = cells.map(({ key }) => key).filter((key) => values[key] !== null && values[key] !== undefined).sort()
  return hash('sha256', JSON.stringify([values['id'], ...filled.map((key) => [key, values[key]])]))
}

/** Two writers took one unique value at once: the slower one is told what a check would have told it, and rolled back. */
const asRefusal = ({ ctx }: Batch) => (error: unknown): never => {
  const [, object = '', key = ''] = /^o_(\w+)\.(\w+)\.unique$/.exec((error as { constraint?: string }).constraint ?? '') ?? []
  if (sqlState(error) !== '23505' || !key) throw error
  throw new Refused(refuse('VALUE_DUPLICATE', key, { field: ctx.metadata.objects.get(object)?.field.get(key)?.label[ctx.request?.lang ?? 'zh'] ?? key }))
}
