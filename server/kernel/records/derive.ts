import { addDecimal } from '#language/values'
import { draftOf, set } from './apply.ts'
import { draftKey, type Batch, type Draft, type Step } from './batch.ts'
import { derivePlanOf, type FormulaStep, type RollUpStep } from './derivations.ts'
import { lockMore } from './lock.ts'
import { recount, type Recounted } from './count-children.ts'
import type { Values } from './types.ts'

/**
 * Fields that follow from others are brought up to date, in the same act as what they follow from: first of the record itself,
 * then level by level of the records it counts in. No statement, unless a least, greatest or latest child has to be found again.
 */
export async function derive(batch: Batch): Promise<void> {
  const { steps } = derivePlanOf(batch.ctx.metadata)
  if (steps.length === 0) return
  for (const step of steps) {
    if (step.value) for (const draft of draftsOf(batch, step.object)) workOut(batch, draft, step)
    else await rollUp(batch, step)
  }
}

/** Asked for by every step of every object: gathered once for as many drafts as there are. */
const gathered = new WeakMap<Batch, { size: number; byObject: Map<string, Draft[]> }>()
const NONE: Draft[] = []
function draftsOf(batch: Batch, object: string): readonly Draft[] {
  let known = gathered.get(batch)
  if (known?.size !== batch.drafts.size) gathered.set(batch, known = { size: batch.drafts.size, byObject: Map.groupBy(batch.drafts.values(), ({ plan }) => plan.object.key) })
  return known.byObject.get(object) ?? NONE
}

function workOut({ ctx }: Batch, draft: Draft, { key, inputs, value }: FormulaStep): void {
  if (draft.gone || !(draft.before === null || draft.steps.some(({ fields }) => Object.keys(fields).some((field) => inputs.has(field))))) return
  set(draft, draft.steps.at(-1)!, key, value(draft.values, { now: ctx.now, zone: ctx.tenant.zone }))
}

/** One child on its way from one parent (or none) to another, with what it brings. */
interface Move { child: Draft; from: string | null; to: string | null }

async function rollUp(batch: Batch, step: RollUpStep): Promise<void> {
  const moves = draftsOf(batch, step.rollup.child).flatMap((child) => moveOf(batch, child, step))
  const anew = draftsOf(batch, step.object).filter(isReturning)
  const born = draftsOf(batch, step.object).filter(({ before }) => before === null)
  if (moves.length + anew.length + born.length === 0) return
  const named = [...new Set(moves.flatMap(({ from, to }) => [from, to]).filter((id) => id !== null))]
  await lockMore(batch, step.object, named.filter((id) => !batch.rows.has(draftKey(step.object, id)) && !batch.drafts.has(draftKey(step.object, id))))
  for (const draft of born) set(draft, draft.steps[0]!, step.key, nothingOf(step))
  const parents = named.flatMap((id) => draftOf(batch, step.object, id) ?? []).filter(({ gone }) => !gone)
  const counted = COUNTED.has(step.rollup.take) ? anew : [...new Set([...anew, ...parents])]
  const stored = await recount(batch, step, { parents: counted.map(({ id }) => id), apart: draftsOf(batch, step.rollup.child).map(({ id }) => id) })
  for (const parent of new Set([...anew, ...parents])) {
    const about = moves.filter(({ from, to }) => from === parent.id || to === parent.id)
    const value = counted.includes(parent) ? afresh(batch, step, { parent, stored: stored.get(parent.id) }) : moved(step, parent, about)
    set(parent, stepFor(parent, about.at(-1)?.child), step.key, value)
  }
}

const COUNTED: ReadonlySet<string> = new Set(['sum', 'count'])
const isReturning = ({ before, gone }: Draft): boolean => before?.gone === true && !gone
const nothingOf = ({ rollup: { take }, whole }: RollUpStep): unknown => (COUNTED.has(take) ? (whole ? 0 : '0') : null)

function moveOf({ ctx }: Batch, child: Draft, step: RollUpStep): Move[] {
  const { parent, rollup: { of, at, take } } = step
  const here = (values: Values | undefined, gone: boolean) => (values && !gone ? parent(values, moment(ctx)) : null)
  const [from, to] = [here(child.before?.values, child.before?.gone ?? true), here(child.values, child.gone)]
  const same = from === to && (of === null || child.before?.values[of] === child.values[of]) && (take !== 'latest' || child.before?.values[at] === child.values[at])
  return same ? [] : [{ child, from, to }]
}

const moment = ({ now, tenant }: Batch['ctx']) => ({ now, zone: tenant.zone })

/** Sums and counts move by what comes and goes: under the lock of the parent the old value is exact. */
function moved({ key, rollup: { of }, whole }: RollUpStep, parent: Draft, moves: readonly Move[]): unknown {
  const brought = (values: Values | undefined) => (of === null ? '1' : text(values?.[of]))
  const sum = moves.reduce((total, { child, from, to }) => {
    const less = from === parent.id ? addDecimal(total, negative(brought(child.before?.values))) : total
    return to === parent.id ? addDecimal(less, brought(child.values)) : less
  }, text(parent.values[key]))
  return whole ? Number(sum) : sum
}

const text = (value: unknown): string => String((value as string | number | null | undefined) ?? 0)
const negative = (decimal: string): string => (decimal.startsWith('-') ? decimal.slice(1) : decimal === '0' ? decimal : `-${decimal}`)

/** From what is stored of other children and the children of this batch. */
function afresh(batch: Batch, step: RollUpStep, { parent, stored }: { parent: Draft; stored: Recounted | undefined }): unknown {
  const { rollup: { take, of, at }, whole } = step
  const mine = draftsOf(batch, step.rollup.child).filter((child) => !child.gone && step.parent(child.values, moment(batch.ctx)) === parent.id)
  const values = mine.map((child) => child.values[of ?? '']).filter((value) => value !== null && value !== undefined)
  if (take === 'count') return whole ? Number(stored?.value ?? 0) + mine.length : String(Number(stored?.value ?? 0) + mine.length)
  if (take === 'sum') { const sum = values.reduce((total: string, value) => addDecimal(total, text(value)), text(stored?.value)); return whole ? Number(sum) : sum }
  if (take === 'latest') return latestOf([...(stored?.at ? [{ at: stored.at, id: stored.id ?? '', value: stored.value }] : []), ...mine.filter(({ values: own }) => own[at]).map(({ id, values: own }) => ({ at: own[at] as string, id, value: own[of!] ?? null }))])
  const all = [...values, ...(stored?.value === null || stored?.value === undefined ? [] : [stored.value])]
  return all.reduce((best: unknown, value) => (best === undefined || (take === 'min' ? order(step, value, best) < 0 : order(step, value, best) > 0) ? value : best), undefined) ?? null
}

const latestOf = (found: readonly { at: string; id: string; value: unknown }[]): unknown => found.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))[0]?.value ?? null

function order({ rollup: { ofKind } }: RollUpStep, a: unknown, b: unknown): number {
  if (ofKind !== 'date' && ofKind !== 'datetime') return Number(addDecimal(String(a), negative(String(b))))
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1
}

/** The change of a parent stands in the act that moved its child. */
function stepFor(parent: Draft, child: Draft | undefined): Step {
  const last = parent.steps.at(-1)
  if (last || !child) return last!
  const { act, index } = child.steps.at(-1)!
  const step: Step = { act, index, fields: {}, seq: null, actId: null }
  parent.steps.push(step)
  return step
}
