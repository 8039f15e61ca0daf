import { barKey, type Limits } from './decide.ts'
import { verdictOn } from './grades.ts'
import type { CompiledGrading } from './gradings.ts'
import type { Plan, Row } from './plan.ts'
import { put } from './scene.ts'
import type { Event, Step } from './types.ts'
import { STAMPED } from './hearing.ts'
import { parentsOf } from './poking.ts'

interface Wish { graded: CompiledGrading; row: Row; event: Event }

/** More records than this are not regraded for one change of their common parent. */
const KIN = 500

/** Gradings are kept live: after all rules, every record that an event of the batch concerns is graded once, as it then stands. */
export function regrade(plan: Plan, events: readonly Event[], limits: Limits): void {
  const wishes = new Map<string, Wish>()
  for (const event of events) for (const { graded, row } of concerned(plan, event)) if (!row.gone && !row.born) wishes.set(`${graded.grading.key} ${row.id}`, { graded, row, event })
  for (const { event, row, by } of plan.edits.values()) for (const graded of readersOf(plan, row, by)) wishes.set(`${graded.grading.key} ${row.id}`, { graded, row, event })
  const kept = new Map<string, number>()
  for (const wish of wishes.values()) if (!limits.barred.has(barKey(wish.event.seq, runKey(wish.graded)))) take(plan, wish, kept)
}

const readersOf = (plan: Plan, row: Row, by: ReadonlyMap<string, string>): readonly CompiledGrading[] =>
  row.born ? [] : plan.program.gradings.of(row.object).filter(({ own }) => [...by.keys()].some((key) => own.has(key)))

type Concern = Pick<Wish, 'graded' | 'row'>

/** Which records' grades an event may turn: its own, its parents', its children's. */
function concerned(plan: Plan, event: Event): Concern[] {
  const { gradings } = plan.program
  if (event.timer) return event.timer.kind === 'grade' ? rowsOf(plan, event.object, [event.record], gradings.byKey.get(event.timer.name)) : []
  const own = gradings.of(event.object).filter(({ own: reads }) => event.kind !== 'changed' || (touches(event, reads) && !gradedThen(event)))
  const above = gradings.throughChildren(event.object)
  const below = gradings.throughParents(event.object).filter(({ reads }) => event.kind === 'changed' && touches(event, reads))
  return [
    ...own.flatMap((graded) => rowsOf(plan, event.object, [event.record], graded)),
    ...above.flatMap(({ graded, via }) => rowsOf(plan, graded.grading.object, parentsOf(plan, event, { via, object: graded.grading.object }), graded)),
    ...below.flatMap(({ graded, field }) => kin(plan, event, { graded, field })),
  ]
}

/** Who wrote as a rule has graded what was written in the same transaction; only what the write path stamped beside it is new. */
const gradedThen = ({ actor, fields }: Event): boolean => actor.kind === 'rule' && !Object.keys(fields).some((key) => STAMPED.has(key))

const touches = ({ fields }: Event, reads: ReadonlySet<string>): boolean => Object.keys(fields).some((key) => reads.has(key))

function rowsOf(plan: Plan, object: string, ids: readonly string[], graded: CompiledGrading | undefined): Concern[] {
  if (!graded) return []
  return ids.map((id) => plan.row(object, id)).filter((row) => row !== null && row !== undefined).map((row) => ({ graded, row }))
}

function kin(plan: Plan, event: Event, { graded, field }: { graded: CompiledGrading; field: string }): Concern[] {
  const parent = plan.row(event.object, event.record)
  const rows = parent && plan.children({ key: `kin ${graded.grading.object} ${field}`, object: graded.grading.object, via: field, where: null, order: 'newest', limit: KIN }, parent)
  return (rows ?? []).map((row) => ({ graded, row }))
}

export const runKey = ({ grading }: CompiledGrading): string => `grading:${grading.key}`

function take(plan: Plan, { graded, row, event }: Wish, kept: Map<string, number>): void {
  const { grading } = graded
  const verdict = verdictOn(plan, graded, row)
  if (!verdict) return
  if (verdict.until) plan.timers.push({ key: `grade:${grading.key}:${row.id}`, dueAt: verdict.until, kind: 'grade', payload: { object: row.object, record: row.id, name: grading.key } })
  const from = row.values[grading.field] ?? null
  if (!put({ plan, event, by: runKey(graded), view: { values: {}, moved: false } }, row, grading.field, verdict.value)) return
  const step: Step = { do: 'grade', grading: grading.key, from, to: verdict.value, level: verdict.level, reason: verdict.reason, saw: verdict.saw }
  keepRun(plan, { graded, row, event }, step, kept)
}

/** One run per record: a change of a common parent turns several. */
function keepRun(plan: Plan, { graded, row, event }: Wish, step: Step, kept: Map<string, number>): void {
  const key = runKey(graded)
  const nth = (kept.get(`${event.seq} ${key}`) ?? 0) + 1
  kept.set(`${event.seq} ${key}`, nth)
  plan.runs.push({
    event: event.seq, rule: nth === 1 ? key : `${key}#${nth}`, version: graded.grading.version, status: 'done', object: row.object, record: row.id,
    seen: null, steps: [step], error: null, attempts: event.attempts,
  })
}
