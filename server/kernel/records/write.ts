import { Refused } from '#contract'
import { memberRows, type Context } from '#kernel/access'
import { authorizeBorn } from './born.ts'
import { applyWishes } from './apply.ts'
import { authorizeAfter, authorizeBefore } from './authorize.ts'
import { takeOver } from './copy.ts'
import { holdCrowds } from './crowd.ts'
import { draftKey, openBatch, type Batch, type Draft } from './batch.ts'
import { derive } from './derive.ts'
import { refuseEnding } from './ending.ts'
import { refuseEndingAbove } from './ending-above.ts'
import { learnHoldings } from './held.ts'
import { imageFrom } from './image.ts'
import { tenantKeys } from './keys.ts'
import { lockRows } from './lock.ts'
import { drawNumbers } from './numbers.ts'
import { parseIntents } from './parse.ts'
import { changesIn, persist, versionAfter } from './persist.ts'
import { planOf } from './plan.ts'
import { recallSince } from './revert.ts'
import { stampSubjects } from './stamp.ts'
import { placeInPools } from './stays.ts'
import type { Intent, WriteOptions, WriteResult, Written } from './types.ts'
import { validate } from './validate.ts'

/** What happens to every batch, in this order; a step that notes a refusal is the last one, and nothing is written before `persist`. */
const STEPS: readonly ((batch: Batch) => void | Promise<void>)[] = [
  beginDrawing,
  parseIntents,
  lockRows,
  learnHoldings,
  authorizeBefore,
  holdCrowds,
  recallSince,
  prepare,
  applyWishes,
  placeInPools,
  takeOver,
  stampSubjects,
  derive,
  authorizeAfter,
  refuseEnding,
  refuseEndingAbove,
  validate,
  persist,
  authorizeBorn,
]

/**
 * Carry out a batch of intentions, all or nothing: refused = nothing written.
 *
 * Same path for one and for a thousand, for members, rules and intake; statements per batch do not depend on its size.
 * `written[i]` answers `intents[i]`. Several intents for one record are merged in order. Creates may refer to each other by ids the caller chose.
 * Throws Refused VALUE_DUPLICATE when another transaction takes a unique value in the same moment; 55P03 when a row stays locked for 2 s.
 */
export async function write(ctx: Context, intents: readonly Intent[], options: WriteOptions = {}): Promise<WriteResult> {
  const batch = openBatch(ctx, intents, options)
  for (const step of STEPS) {
    if (options.rehearse && step === persist) break
    await step(batch)
    if (batch.refusals.length > 0) return { ok: false, refusals: batch.refusals }
  }
  return outcome(batch)
}

/** What `write` would log, without writing: `act` is the place of the act in `options.acts`. Null: it would be refused. */
export async function foretell(ctx: Context, intents: readonly Intent[], options: WriteOptions): Promise<ReturnType<typeof changesIn> | null> {
  const batch = openBatch(ctx, intents, { ...options, rehearse: true })
  for (const step of STEPS.slice(0, STEPS.indexOf(persist))) {
    await step(batch)
    if (batch.refusals.length > 0) return null
  }
  return changesIn(batch)
}

/** As write, throwing Refused with the first refusal (the transaction is then rolled back by mutate). */
export async function writeOrRefuse(ctx: Context, intents: readonly Intent[], options?: WriteOptions): Promise<Written[]> {
  const result = await write(ctx, intents, options)
  if (!result.ok) throw new Refused(result.refusals[0]!.refusal)
  return result.written
}

/** Numbers that nobody will ever draw: a rehearsal uses up none. */
const BEYOND = 9e12

/** The numbers that new records will carry are asked for before anything else: nothing waits for the answer until they are given. */
function beginDrawing(batch: Batch): void {
  const count = batch.intents.reduce((sum, { op, object }) => sum + (op === 'create' ? (planOf(batch.ctx.metadata, object)?.autos.length ?? 0) : 0), 0)
  if (count === 0) return
  const drawing = batch.options.rehearse ? Promise.resolve(Array.from({ length: count }, (_, i) => BEYOND + i)) : drawNumbers(batch.ctx, count)
  // Whoever is refused before they are needed has drawn them for nothing.
  drawing.catch(() => {})
  batch.drawing = drawing
}

/** Who is who, and the numbers. */
async function prepare(batch: Batch): Promise<void> {
  batch.members = await memberRows(batch.ctx.tx)
  if (!batch.drawing) return
  batch.keys = await tenantKeys(batch.ctx)
  batch.numbers = await batch.drawing
}

function outcome(batch: Batch): WriteResult {
  const named = new Set(batch.wishes.map(({ plan, id }) => draftKey(plan.object.key, id)))
  const written = batch.wishes.map((wish) => writtenOf(batch, batch.drafts.get(draftKey(wish.plan.object.key, wish.id))!, wish.act, wish.op === 'create'))
  const also = [...batch.drafts].filter(([key, { steps }]) => !named.has(key) && steps.length > 0).map(([, draft]) => writtenOf(batch, draft, draft.steps.at(-1)!.act, false))
  return { ok: true, written, also, kept: batch.kept }
}

function writtenOf({ ctx }: Batch, draft: Draft, act: number, created: boolean): Written {
  const step = draft.steps.findLast((each) => each.act === act)
  const after = { ...imageFrom(draft.plan, ctx.metadata, draft.id, draft.values), recordVersion: versionAfter(draft), gone: draft.gone }
  return { object: after.object, id: draft.id, recordVersion: after.recordVersion, created, changed: step !== undefined, seq: step?.seq ?? null, act: step?.actId ?? null, after }
}
